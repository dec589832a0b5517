/** The entry of the deployed auditor. */
export { handler } from './handler.ts';
