/** The entry point of the deployed auditor. */
export { handler } from './handler.ts';
