/** The reference implementation has no types: what tests take of it is checked by what they expect. */
declare module 'session-orchestrator/*';
