import type { Event } from '../core/base/emitter.ts';
import type { HostMessage } from './protocol.ts';

/** Tells what came of edits. */
export type CellResults = Event<Extract<HostMessage, { readonly kind: 'cellResult' }>>;

/** Asks to be shown a part or a session. */
export type ShowRequests = Event<Extract<HostMessage, { readonly kind: 'show' }>>;
