/** A process that was there and is gone. */
export {};
