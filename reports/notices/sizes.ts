/**
 * How the parts of a notice share the 256 KiB of an SNS message. The message is one JSON text that holds each part as a
 * string, so that every quote and line break of a part takes two bytes, and more in a part that is JSON itself.
 */

/** In bytes, as they stand in the message. What is left over is for the chat's text, the subject and the attributes. */
export const largestBody = 136 * 1024;
export const largestData = 72 * 1024;

/** Bytes that a part takes in the message. */
export function bytesAsPart(text: string): number {
  return encoder.encode(JSON.stringify(text)).byteLength;
}

const encoder = new TextEncoder();
