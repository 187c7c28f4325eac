import * as z from 'zod';

/** What every tool that changes something takes. */
export const expectedRevision = { expected_revision: z.string().optional() };

/** What every result has: readable lines. */
export const message = { message: z.string() };

/** The revision of the file as it is now. */
export const revision = { revision: z.string().optional() };

export const texts = z.array(z.string()).optional();
