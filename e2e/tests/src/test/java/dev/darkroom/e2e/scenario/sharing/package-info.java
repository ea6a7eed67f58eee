/** Scenarios of sharing between namespaces: visibility, members, links, the catalog. */
package dev.darkroom.e2e.scenario.sharing;
