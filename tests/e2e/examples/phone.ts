// A canvasser's phone in 50 lines: enrol, check a walk list out, download it, send one knock.
//   node dist/examples/phone.js 127.0.0.1:7311 ENROLMENT_CODE LIST_NUMBER
import * as grpc from '@grpc/grpc-js';
import * as loader from '@grpc/proto-loader';
import { randomUUID } from 'node:crypto';
import path from 'node:path';

import type { ProtoGrpcType } from '../generated/canvass'; // npm run generate

const [address, code, listNumber] = process.argv.slice(2);
const definition = loader.loadSync('snowfield/canvass/v1/canvass.proto', {
  includeDirs: [path.resolve(__dirname, '../../../../proto')],
  keepCase: true, longs: String, enums: String, defaults: true, oneofs: true,
});
const protos = (grpc.loadPackageDefinition(definition) as unknown as ProtoGrpcType).snowfield;
const canvass = protos.canvass.v1.CanvassService.service;
const client = new grpc.Client(address, grpc.credentials.createInsecure());

async function main(): Promise<void> {
  const { token } = await call(canvass.EnrolPhone, { code, label: "Ada's phone" });
  const metadata = new grpc.Metadata();
  metadata.set('authorization', `Bearer ${token}`);

  await call(canvass.CheckOutWalkList, { list_number: listNumber }, metadata);
  const list = await call(canvass.DownloadWalkList, { list_number: listNumber }, metadata);
  const door = list.doors[0];
  console.log(`${list.doors.length} doors; the first is ${door.house_number} ${door.street} ${door.unit}`.trim());

  // The knock's id is the phone's to choose: sent twice, it counts once.
  const knock = {
    knock_id: randomUUID(), door_id: door.door_id, list_number: listNumber, running_number: 1,
    result: 'KNOCK_RESULT_NOT_HOME' as const, phone_time: { seconds: Math.floor(Date.now() / 1000), nanos: 0 },
  };
  for (const attempt of ['first', 'again']) {
    const { answers } = await call(canvass.SendKnocks, { knocks: [knock] }, metadata);
    console.log(`${attempt}: ${answers[0].outcome}`);
  }
}

function call<Request, Response>(
  method: loader.MethodDefinition<Request, any, any, Response>, request: Request, metadata = new grpc.Metadata(),
): Promise<Response> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      method.path, method.requestSerialize, method.responseDeserialize, request, metadata,
      { deadline: Date.now() + 30_000 },
      (error, response) => (error ? reject(error) : resolve(response as Response)));
  });
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
}).finally(() => client.close());
