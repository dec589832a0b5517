import { expect } from 'vitest';

/** The error that a request ends with: the SDK's name for it, the HTTP status and the text. */
export interface Refusal {
  readonly name: string;
  readonly status: number | undefined;
  readonly message: string;
}

/** What a request is refused with; the test fails where it is not refused. */
export async function refusalOf(request: Promise<unknown>): Promise<Refusal> {
  const outcome = await request.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome, 'the request should have been refused').toBeInstanceOf(Error);
  const { name, message, $metadata } = outcome as Error & { $metadata?: { httpStatusCode?: number } };
  return { name, status: $metadata?.httpStatusCode, message };
}
