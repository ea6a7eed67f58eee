/** Scenarios of ImageStores and copies: placement, replication, capacity, scrubs, S3. */
package dev.darkroom.e2e.scenario.stores;
