/** The running service and its simulated gateway, over HTTP only. */

export interface DemoOrder {
  readonly merchantOrderNo: string;
  readonly status: string;
  readonly final: boolean;
  readonly paymentUrl: string | null;
  readonly decidedBy: { readonly source: string } | null;
}

export interface DemoAuditEntry {
  readonly sequence: number;
  readonly at: string;
  readonly event: string;
  readonly summary: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface DemoServiceOptions {
  readonly apiUrl: string;
  readonly simulatorUrl: string;
  readonly apiKey: string;
}

const REQUEST_TIMEOUT_MS = 20_000;

/** The service or the simulator did not do what was asked. */
export class DemoError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DemoError';
  }
}

export class DemoService {
  readonly #options: DemoServiceOptions;

  constructor(options: DemoServiceOptions) {
    this.#options = options;
  }

  async createOrder(order: Readonly<Record<string, unknown>>): Promise<DemoOrder> {
    return await this.#api<DemoOrder>('POST', '/v1/orders', order);
  }

  async order(merchantOrderNo: string): Promise<DemoOrder> {
    return await this.#api<DemoOrder>('GET', `/v1/orders/${encodeURIComponent(merchantOrderNo)}`);
  }

  async audit(merchantOrderNo: string): Promise<readonly DemoAuditEntry[]> {
    const path = `/v1/orders/${encodeURIComponent(merchantOrderNo)}/audit`;
    return (await this.#api<{ data: readonly DemoAuditEntry[] }>('GET', path)).data;
  }

  async cancel(merchantOrderNo: string): Promise<void> {
    await this.#api('POST', `/v1/orders/${encodeURIComponent(merchantOrderNo)}/cancel`);
  }

  async payAgain(merchantOrderNo: string): Promise<DemoOrder> {
    return await this.#api('POST', `/v1/orders/${encodeURIComponent(merchantOrderNo)}/pay`);
  }

  async refund(merchantOrderNo: string, refund: Readonly<Record<string, unknown>>): Promise<void> {
    const path = `/v1/orders/${encodeURIComponent(merchantOrderNo)}/refunds`;
    await this.#api('POST', path, refund);
  }

  /** One of the simulator's control calls. */
  async control(path: string, body: object = {}): Promise<void> {
    await this.#call(`${this.#options.simulatorUrl}/control${path}`, 'POST', {}, body);
  }

  async #api<T>(method: string, path: string, body?: object): Promise<T> {
    const headers = { authorization: `Bearer ${this.#options.apiKey}` };
    return (await this.#call(`${this.#options.apiUrl}${path}`, method, headers, body)) as T;
  }

  async #call(
    url: string,
    method: string,
    headers: Readonly<Record<string, string>>,
    body?: object,
  ): Promise<unknown> {
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        headers: {
          ...headers,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw new DemoError(`${method} ${url}: no answer; is \`npm start\` running?`, {
        cause: error,
      });
    }
    const text = await response.text();
    if (!response.ok)
      throw new DemoError(`${method} ${url}: ${response.status} ${text.slice(0, 300)}`);
    return text === '' ? null : JSON.parse(text);
  }
}
