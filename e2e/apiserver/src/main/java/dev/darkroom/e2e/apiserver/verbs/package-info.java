/** What the server does on each verb, apart from how requests arrive and answers look. */
package dev.darkroom.e2e.apiserver.verbs;

