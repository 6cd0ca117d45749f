import { expect } from 'vitest';
import { checkAnswer } from './openapi-check.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; an empty object when it is no JSON. */
  readonly body: Record<string, unknown>;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly rawBody?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** `null` for none; the API key when not given. */
  readonly credential?: string | null;
}

/** Calls a running API and holds every answer against the OpenAPI document. */
export class ApiCaller {
  constructor(
    private readonly url: string,
    private readonly apiKey: string,
  ) {}

  readonly call = async (
    method: string,
    path: string,
    options: CallOptions = {},
  ): Promise<Answer> => {
    const credential = options.credential === undefined ? this.apiKey : options.credential;
    const body = options.rawBody ?? JSON.stringify(options.body);
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(credential === null ? {} : { Authorization: `Bearer ${credential}` }),
        ...(options.body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const mediaType = (response.headers.get('Content-Type') ?? '').split(';', 1)[0] ?? '';
    const answer: Answer = {
      status: response.status,
      headers: response.headers,
      text,
      body: mediaType.endsWith('json') ? (JSON.parse(text) as Record<string, unknown>) : {},
    };
    expect(response.headers.get('X-Request-Id')).toBeTruthy();
    checkAnswer({ method, path, mediaType, ...answer });
    return answer;
  };
}
