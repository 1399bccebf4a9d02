// Connection: calls to the server, and what their failures mean to a phone.
import * as grpc from '@grpc/grpc-js';
import * as loader from '@grpc/proto-loader';
import path from 'node:path';

import type { ProtoGrpcType } from '../generated/canvass';
import type { BadRequest__Output } from '../generated/google/rpc/BadRequest';
import type { ErrorInfo__Output } from '../generated/google/rpc/ErrorInfo';
import type { RetryInfo__Output } from '../generated/google/rpc/RetryInfo';
import type { Status__Output } from '../generated/google/rpc/Status';

// From dist/src.
const protoFolder = path.resolve(__dirname, '../../proto');
const definition = loader.loadSync(
  ['snowfield/canvass/v1/canvass.proto', 'google/rpc/status.proto', 'google/rpc/error_details.proto'],
  // The same options as in package.json's `generate`.
  { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true, includeDirs: [protoFolder] },
);
export const canvass =
  (grpc.loadPackageDefinition(definition) as unknown as ProtoGrpcType).snowfield.canvass.v1.CanvassService.service;

function decoder<T>(name: string): (bytes: Buffer) => T {
  return (definition[name] as loader.MessageTypeDefinition<object, object>).deserialize as unknown as (bytes: Buffer) => T;
}
const decodeStatus = decoder<Status__Output>('google.rpc.Status');
const decodeErrorInfo = decoder<ErrorInfo__Output>('google.rpc.ErrorInfo');
const decodeBadRequest = decoder<BadRequest__Output>('google.rpc.BadRequest');
const decodeRetryInfo = decoder<RetryInfo__Output>('google.rpc.RetryInfo');

// What a phone does about a call that failed.
export type Mend =
  | 'retry' // the same call again, later: nothing is known of what the server did
  | 'enrol' // the token is no good any more; what is in the outbox stays for the next one
  | 'smaller' // the batch is more than the server takes
  | 'fetch-again' // the change token is too old: download the lists anew
  | 'give-up'; // the same call can never do

export class CallError extends Error {
  constructor(
    readonly code: grpc.status,
    readonly reason: string, // of google.rpc.ErrorInfo; empty where there is none
    readonly field: string, // of google.rpc.BadRequest; empty where there is none
    readonly retryMs: number, // of google.rpc.RetryInfo; 0 where there is none
    message: string,
  ) {
    super(message);
  }

  get mend(): Mend {
    if (this.reason === 'BATCH_TOO_LARGE') return 'smaller';
    if (this.reason === 'FETCH_AGAIN') return 'fetch-again';
    switch (this.code) {
      case grpc.status.UNAUTHENTICATED:
        return 'enrol';
      case grpc.status.RESOURCE_EXHAUSTED:
        // Without a reason it is the transport's, about the size of the message.
        return this.reason === '' ? 'smaller' : 'retry';
      case grpc.status.INVALID_ARGUMENT:
      case grpc.status.PERMISSION_DENIED:
      case grpc.status.NOT_FOUND:
      case grpc.status.FAILED_PRECONDITION:
      case grpc.status.ALREADY_EXISTS:
      case grpc.status.OUT_OF_RANGE:
        // Snowfield says why; without a reason it was some box in between.
        return this.reason === '' ? 'retry' : 'give-up';
      default:
        // UNAVAILABLE, DEADLINE_EXCEEDED, ABORTED, CANCELLED, INTERNAL, UNKNOWN, DATA_LOSS; and UNIMPLEMENTED, which a
        // proxy or a server that read garbage answers as well.
        return 'retry';
    }
  }
}

export function toCallError(error: grpc.ServiceError): CallError {
  let reason = '';
  let field = '';
  let retryMs = 0;
  const [bytes] = error.metadata?.get('grpc-status-details-bin') ?? [];
  if (bytes) {
    for (const detail of decodeStatus(bytes as Buffer).details) {
      const { type_url: type, value } = detail as unknown as { type_url: string; value: Buffer };
      if (type.endsWith('/google.rpc.ErrorInfo')) ({ reason } = decodeErrorInfo(value));
      if (type.endsWith('/google.rpc.BadRequest')) field = decodeBadRequest(value).field_violations[0]?.field ?? '';
      if (type.endsWith('/google.rpc.RetryInfo')) {
        const { retry_delay: delay } = decodeRetryInfo(value);
        retryMs = delay ? Number(delay.seconds) * 1000 + delay.nanos / 1e6 : 0;
      }
    }
  }
  return new CallError(error.code, reason, field, retryMs, error.details);
}

export type CanvassMethod<Request, Response> = loader.MethodDefinition<Request, any, any, Response>;

export class Connection {
  private client: grpc.Client | undefined;

  constructor(private readonly address: string, private readonly credentials = grpc.credentials.createInsecure()) {}

  call<Request, Response>(
    method: CanvassMethod<Request, Response>, request: Request, token: string, deadlineMs: number, signal?: AbortSignal,
  ): Promise<Response> {
    const metadata = new grpc.Metadata();
    if (token) metadata.set('authorization', `Bearer ${token}`);
    const client = (this.client ??= new grpc.Client(this.address, this.credentials, {
      'grpc.max_receive_message_length': 16 * 1024 * 1024,
      // The phone's own back-off decides, see outbox.ts.
      'grpc.enable_retries': 0,
      'grpc.use_local_subchannel_pool': 1,
    }));
    return new Promise((resolve, reject) => {
      const call = client.makeUnaryRequest(
        method.path, method.requestSerialize, method.responseDeserialize, request, metadata,
        { deadline: Date.now() + deadlineMs },
        (error, response) => {
          signal?.removeEventListener('abort', cancel);
          if (!error) return resolve(response as Response);
          const failure = toCallError(error);
          // A connection that is half dead answers nothing and fails nothing: the next call opens a new one.
          if (failure.mend === 'retry' && !signal?.aborted) this.drop(client);
          return reject(failure);
        });
      const cancel = () => call.cancel();
      signal?.addEventListener('abort', cancel);
      if (signal?.aborted) cancel();
    });
  }

  close(): void {
    this.client?.close();
    this.client = undefined;
  }

  private drop(client: grpc.Client): void {
    if (this.client === client) this.close();
  }
}
