// Caller: one token's calls to one server. A call that fails throws a CallError with the server's reason and field.
import * as grpc from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/proto-loader';

import { decodeBadRequest, decodeErrorInfo, decodeStatus } from './protos';

export class CallError extends Error {
  constructor(
    readonly code: string, // "INVALID_ARGUMENT"
    readonly reason: string, // of google.rpc.ErrorInfo; empty where there is none
    readonly domain: string,
    readonly field: string, // of google.rpc.BadRequest; empty where there is none
    message: string,
  ) {
    super(`${code} ${reason} ${field}: ${message}`);
  }
}

export function toCallError(error: grpc.ServiceError): CallError {
  let reason = '';
  let domain = '';
  let field = '';
  const [bytes] = error.metadata?.get('grpc-status-details-bin') ?? [];
  if (bytes) {
    for (const detail of decodeStatus(bytes as Buffer).details) {
      const { type_url: type, value } = detail as unknown as { type_url: string; value: Buffer };
      if (type.endsWith('/google.rpc.ErrorInfo')) ({ reason, domain } = decodeErrorInfo(value));
      if (type.endsWith('/google.rpc.BadRequest')) field = decodeBadRequest(value).field_violations[0]?.field ?? '';
    }
  }
  return new CallError(grpc.status[error.code], reason, domain, field, error.details);
}

export class Caller {
  private readonly client: grpc.Client;

  constructor(readonly address: string, readonly token = '', credentials = grpc.credentials.createInsecure(),
    options: grpc.ClientOptions = {}) {
    this.client = new grpc.Client(address, credentials, {
      ...options,
      'grpc.max_receive_message_length': 16 * 1024 * 1024,
      // Each caller has a connection of its own, as phones do.
      'grpc.use_local_subchannel_pool': 1,
    });
  }

  close(): void {
    this.client.close();
  }

  waitForReady(seconds: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.client.waitForReady(Date.now() + seconds * 1000, (error) => (error ? reject(error) : resolve()));
    });
  }

  unary<Request, Response>(
    method: MethodDefinition<Request, any, any, Response>,
    request: Request,
    deadlineMs = 30_000,
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      this.client.makeUnaryRequest(
        method.path, method.requestSerialize, method.responseDeserialize, request, this.metadata(),
        { deadline: Date.now() + deadlineMs },
        (error, response) => (error ? reject(toCallError(error)) : resolve(response as Response)),
      );
    });
  }

  async *serverStream<Request, Response>(
    method: MethodDefinition<Request, any, any, Response>,
    request: Request,
    deadlineMs = 300_000,
  ): AsyncGenerator<Response> {
    const stream = this.client.makeServerStreamRequest(
      method.path, method.requestSerialize, method.responseDeserialize, request, this.metadata(),
      { deadline: Date.now() + deadlineMs },
    );
    try {
      yield* stream;
    } catch (error) {
      throw toCallError(error as grpc.ServiceError);
    }
  }

  bidiStream<Request, Response>(
    method: MethodDefinition<Request, any, any, Response>,
    deadlineMs = 300_000,
  ): grpc.ClientDuplexStream<Request, Response> {
    return this.client.makeBidiStreamRequest(
      method.path, method.requestSerialize, method.responseDeserialize, this.metadata(),
      { deadline: Date.now() + deadlineMs },
    );
  }

  private metadata(): grpc.Metadata {
    const metadata = new grpc.Metadata();
    if (this.token) metadata.set('authorization', `Bearer ${this.token}`);
    return metadata;
  }
}
