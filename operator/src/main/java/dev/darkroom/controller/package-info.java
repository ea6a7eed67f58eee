/**
 * One reconciler a kind, small, level-based and idempotent. A reconciler looks at what is, works
 * out what the status should say as a pure function, starts or stops what runs elsewhere, and
 * writes the status if it changed. It never waits for bytes: transfers and everything else that
 * touches a store run on threads of their own and wake the reconciler.
 */
package dev.darkroom.controller;

