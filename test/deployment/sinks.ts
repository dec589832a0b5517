/** Where messages arrive: a mail server and a web server on loopback that keep what they get. */
import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

export interface Mailbox {
  readonly port: number;
  readonly mails: readonly Mail[];
  close(): Promise<void>;
}

/** A mail server without TLS or login. */
export async function openMailbox(onMail: (mail: Mail) => void = () => {}): Promise<Mailbox> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, session, done) => {
      text(stream).then((source) => {
        const mail = { to: session.envelope.rcptTo.map(({ address }) => address), ...parseMail(source) };
        mails.push(mail);
        onMail(mail);
        done();
      }, done);
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** A mail in plain text, as the emulator sends them. */
function parseMail(source: string): Pick<Mail, 'subject' | 'text'> {
  const [head = '', ...rest] = source.split('\r\n\r\n');
  const headers = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n');
  const header = (name: string) =>
    headers
      .find((line) => line.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim() ?? '';
  const body = rest.join('\r\n\r\n');
  return {
    subject: header('subject'),
    text: decode(body, header('content-transfer-encoding')).replaceAll('\r\n', '\n'),
  };
}

function decode(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return body;
  const bytes = body
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([\dA-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

export interface WebhookRequest {
  readonly path: string;
  readonly body: string;
}

export interface Webhook {
  readonly url: string;
  readonly requests: readonly WebhookRequest[];
  close(): Promise<void>;
}

/** A web server that answers 200 to everything; over TLS where a certificate is given (paths of PEM files). */
export async function openWebhook(tls?: { readonly certificate: string; readonly key: string }): Promise<Webhook> {
  const requests: WebhookRequest[] = [];
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    requests.push({ path: request.url ?? '', body: await text(request) });
    response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
  };
  const server =
    tls === undefined
      ? createHttpServer(listener)
      : createHttpsServer({ cert: await readFile(tls.certificate), key: await readFile(tls.key) }, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
