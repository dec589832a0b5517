/** Controls, invisible format characters (bidirectional overrides, zero widths), line separators, lone surrogates. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * The text on one line, with every character that could steer a terminal or mislead a reader written out:
 * an escape becomes `\x1b`, a right-to-left override `\u202e`. Names and tags come from AWS and may hold anything.
 */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code <= 0xff ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`;
  });
}

/** Printable ASCII only, for places that take nothing else; every other character becomes `?`. */
export function asciiOnly(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, '?');
}

/**
 * A tag that anybody may have written, with nothing in it that mail readers and chats make a link of: `https[:]//evil...`.
 * E-mail addresses and names stay as they are.
 */
export function withoutLinks(text: string): string {
  return text
    .replace(/:(?=\/\/)/g, '[:]')
    .replace(/\bwww\./gi, (start) => `${start.slice(0, -1)}[.]`)
    .replace(/\.(?=[\p{L}\p{N}-]+(?::\d+)?[/?#])/gu, '[.]');
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
