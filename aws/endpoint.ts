/** The URL that requests are sent to instead of AWS: `--endpoint-url`, AWS_ENDPOINT_URL and their like. */
import { KeysweepError } from '../core/error.ts';
import { withoutUserInfo } from '../core/secrets.ts';
import type { ClientWithMiddleware } from './request-counter.ts';

/** The services that keysweep calls, as they are written in AWS_ENDPOINT_URL_<SERVICE>. */
const services = ['CLOUDTRAIL', 'DYNAMODB', 'EVENTBRIDGE', 'IAM', 'KMS', 'SNS', 'SSM', 'STS'];

/** Source: "Service-specific endpoints" in the AWS SDKs and Tools Reference Guide. */
const endpointVariables = ['AWS_ENDPOINT_URL', ...services.map((service) => `AWS_ENDPOINT_URL_${service}`)];

const example = 'http://127.0.0.1:4566';

function hintWith(url: string): string {
  return `Give an http or https URL, such as ${url}`;
}

/** What is wrong with the URL of an endpoint, and the correction if there is one; undefined if it can be used. */
export function endpointProblem(text: string): { readonly problem: string; readonly hint: string } | undefined {
  const [, scheme] = /^([a-z][a-z\d+.-]*):\/\//i.exec(text) ?? [];
  if (scheme === undefined) {
    const rest = text.replace(/^(?:https?:?)?\/*/i, '');
    const corrected = `${isLoopback(hostOf(rest)) ? 'http' : 'https'}://${rest}`;
    const isSafe = URL.canParse(corrected) && withoutUserInfo(corrected) === corrected;
    return { problem: 'has no scheme', hint: hintWith(isSafe ? corrected : example) };
  }
  if (!/^https?$/i.test(scheme))
    return { problem: `is not an http or https URL, but ${scheme}`, hint: hintWith(example) };
  return URL.canParse(text) ? undefined : { problem: 'is not a valid URL', hint: hintWith(example) };
}

/**
 * Checks where requests would be sent to. The SDK reads the variables itself, and takes `localhost:4566` for a path.
 *
 * @param env the process's environment
 * @throws KeysweepError EndpointInvalid
 */
export function validateEndpoints(given: string | undefined, env: Readonly<Record<string, string | undefined>>): void {
  if (given !== undefined) validateEndpoint('the endpoint URL', given);
  for (const name of endpointVariables) {
    const text = env[name];
    // To the SDK, empty is unset.
    if (given === undefined && text !== undefined && text !== '') validateEndpoint(name, text);
  }
}

function validateEndpoint(name: string, text: string): void {
  const wrong = endpointProblem(text);
  if (wrong === undefined) return;
  throw new KeysweepError('EndpointInvalid', `${name} ${JSON.stringify(withoutUserInfo(text))} ${wrong.problem}`, {
    hint: wrong.hint,
  });
}

/**
 * Makes `client` refuse an endpoint_url without scheme in a configuration file, which the SDK reads at the first request:
 * it would send the request to port 80 of this machine. The client then throws KeysweepError EndpointInvalid.
 */
export function refuseSchemelessEndpoint(client: ClientWithMiddleware): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const { request } = args as { readonly request?: { readonly protocol?: string } };
      const { protocol = 'https:' } = request ?? {};
      if (/^https?:$/.test(protocol)) return next(args);
      const found = `begins with ${JSON.stringify(protocol)}, not with http:// or https://`;
      throw new KeysweepError('EndpointInvalid', `the endpoint_url in the AWS configuration ${found}`, {
        hint: 'Correct it in the profile, or override it with --endpoint-url.',
      });
    },
    { name: 'keysweepEndpointCheck', step: 'build', priority: 'low' },
  );
}

/** The host in `host`, `host:port`, `[::1]:port` and `host/path`. */
function hostOf(text: string): string {
  const [host = ''] = /^(?:\[[^\]]*\]|[^:/]*)/.exec(text) ?? [];
  return host.replace(/[[\]]/g, '');
}

/** Whether a name or address leads to this machine. */
function isLoopback(host: string): boolean {
  return /^(?:(?:.*\.)?localhost|127(?:\.\d{1,3}){3}|::1|::ffff:127(?:\.\d{1,3}){3}|0\.0\.0\.0)$/i.test(host);
}

/** Whether a port of this machine refused the connection: nothing listens there. */
export function isRefusedHere(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // A name such as localhost has several addresses; Node.js tried them all.
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isRefusedHere);
  const { code, address } = error as NodeJS.ErrnoException & { readonly address?: string };
  return code === 'ECONNREFUSED' && address !== undefined && isLoopback(address);
}
