// The server's protos, loaded and typed; nothing else is shared with it.
import * as grpc from '@grpc/grpc-js';
import * as loader from '@grpc/proto-loader';
import path from 'node:path';

import type { ProtoGrpcType as AccessProtos } from '../../generated/access';
import type { ProtoGrpcType as CanvassProtos } from '../../generated/canvass';
import type { ProtoGrpcType as FollowUpProtos } from '../../generated/followup';
import type { ProtoGrpcType as OrganizingProtos } from '../../generated/organizing';
import type { ProtoGrpcType as ReviewProtos } from '../../generated/review';
import type { ProtoGrpcType as TerritoryProtos } from '../../generated/territory';
import type { ProtoGrpcType as TurfProtos } from '../../generated/turf';
import type { BadRequest__Output } from '../../generated/google/rpc/BadRequest';
import type { ErrorInfo__Output } from '../../generated/google/rpc/ErrorInfo';
import type { Status__Output } from '../../generated/google/rpc/Status';

// From dist/src/support.
export const repository = path.resolve(__dirname, '../../../../..');

const definition = loader.loadSync(
  [
    'snowfield/access/v1/access.proto',
    'snowfield/canvass/v1/canvass.proto',
    'snowfield/canvass/v1/review.proto',
    'snowfield/followup/v1/followup.proto',
    'snowfield/organizing/v1/organizing.proto',
    'snowfield/territory/v1/territory.proto',
    'snowfield/turf/v1/turf.proto',
    'google/rpc/status.proto',
    'google/rpc/error_details.proto',
  ],
  // The same options as in package.json's `generate`.
  { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true, includeDirs: [path.join(repository, 'proto')] },
);

const protos = (
  grpc.loadPackageDefinition(definition) as unknown as AccessProtos &
    CanvassProtos & FollowUpProtos & OrganizingProtos & ReviewProtos & TerritoryProtos & TurfProtos
).snowfield;

export const access = protos.access.v1.AccessService.service;
export const canvass = protos.canvass.v1.CanvassService.service;
export const review = protos.canvass.v1.ReviewService.service;
export const followUp = protos.followup.v1.FollowUpService.service;
export const organizing = protos.organizing.v1.OrganizingService.service;
export const territory = protos.territory.v1.TerritoryService.service;
export const turf = protos.turf.v1.TurfService.service;

function message<T>(name: string): (bytes: Buffer) => T {
  return (definition[name] as loader.MessageTypeDefinition<object, object>).deserialize as unknown as (bytes: Buffer) => T;
}
export const decodeStatus = message<Status__Output>('google.rpc.Status');
export const decodeErrorInfo = message<ErrorInfo__Output>('google.rpc.ErrorInfo');
export const decodeBadRequest = message<BadRequest__Output>('google.rpc.BadRequest');
