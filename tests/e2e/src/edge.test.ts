// The shipped edge (helm/snowfield/files/nginx.conf.template) before a real server: everything works through it, and what
// gRPC 1.51 is weak against does not reach the server.
import * as grpc from '@grpc/grpc-js';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { credentials, Phone } from 'snowfield-phone';

import { Caller } from './support/caller';
import { assertFails, collect } from './support/expect';
import { Edge } from './support/edge';
import { access, organizing, territory, turf } from './support/protos';
import { RawHttp2 } from './support/raw_http2';
import { freePort, makeFolder, Server } from './support/server';
import { generateTown, importTown } from './support/town';

const kFlood = 20_000; // calls opened and reset
const kIdle = 10_000;
const kAnswerMsMax = 3_000; // of an honest call meanwhile, on a busy machine
const kGrowthMbMax = 64; // of the server's memory
const kWhoAmI = '/snowfield.access.v1.AccessService/WhoAmI';

describe('the edge', () => {
  const folder = makeFolder();
  let server: Server;
  let edge: Edge;
  let owner: Caller; // through the edge

  before(async () => {
    server = await Server.start(path.join(folder, 'data'));
    edge = await Edge.start(server.address, await freePort(), path.join(folder, 'edge'));
    const operator = server.operator();
    const { token } = await operator.unary(access.CreateCampaign, { name: 'Edge' });
    operator.close();
    owner = new Caller(edge.address, token, grpc.credentials.createSsl(edge.authority));
  });
  after(async () => {
    owner?.close();
    await edge?.stop();
    await server?.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const answerMs = async () => {
    const start = performance.now();
    await owner.unary(access.WhoAmI, {});
    return performance.now() - start;
  };
  const memoryMb = () =>
    Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${server.processId}/status`, 'utf8'))![1]) / 1024;

  // Honest calls while `attack` runs: the longest that one took, and by how much the server grew.
  async function under(attack: Promise<unknown>): Promise<void> {
    const before = memoryMb();
    let done = false;
    const ended = attack.finally(() => {
      done = true;
    });
    let longest = 0;
    while (!done) {
      longest = Math.max(longest, await answerMs());
      await sleep(20);
    }
    await ended;
    longest = Math.max(longest, await answerMs());
    assert.ok(longest < kAnswerMsMax, `an honest call took ${Math.round(longest)} ms`);
    assert.ok(memoryMb() - before < kGrowthMbMax, `the server grew by ${Math.round(memoryMb() - before)} MB`);
  }

  it('carries the whole of a campaign: imports, long streams, phones', async () => {
    await importTown(owner, await generateTown(path.join(folder, 'town'), 600));
    const { universe } = await owner.unary(territory.CreateUniverse, { request_id: randomUUID(), universe: { name: 'All' } });
    const { cut } = await owner.unary(turf.StartCut, { request_id: randomUUID(), universe_id: universe!.universe_id });
    const ended = (await collect(owner.serverStream(turf.WatchCut, { cut_id: cut!.cut_id }))).at(-1)!.cut!;
    assert.equal(ended.state, 'CUT_STATE_DONE', ended.failure);
    await owner.unary(turf.PublishCut, { cut_id: ended.cut_id });
    const { member } = await owner.unary(organizing.CreateMember, {
      request_id: randomUUID(), display_name: 'Bo', role: 'ROLE_LEADER',
    });
    const { turfs } = await owner.unary(turf.ListTurfs, { cut_id: ended.cut_id });
    const { assignments } = await owner.unary(turf.AssignTurfs, {
      leader_id: member!.member_id, turf_ids: [turfs[0].turf_id],
    });
    const { code } = await owner.unary(access.CreateEnrolmentCode, { member_id: member!.member_id });
    const phone = new Phone({
      folder: path.join(folder, 'phone'), address: edge.address, credentials: credentials.createSsl(edge.authority),
    });
    await phone.enrol(code, 'Bo’s phone');
    const list = await phone.take(assignments[0].list_number);
    for (const door of list.doors) phone.knock(list.list_number, door.door_id, { result: 'KNOCK_RESULT_NOT_HOME' });
    assert.equal((await phone.sync()).accepted, list.doors.length);
    phone.close();
  });

  it('hides what is the operator’s', async () => {
    const stranger = new Caller(edge.address, '', grpc.credentials.createSsl(edge.authority));
    for (const call of ['grpc.health.v1.Health/Check', 'grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo']) {
      await assertFails(stranger.unary({ ...access.WhoAmI, path: `/${call}` }, {}), 'UNIMPLEMENTED');
    }
    stranger.close();
  });

  it('keeps a flood of calls that are opened and reset from the server', async () => {
    const attacker = await RawHttp2.connect(edge.port, edge.authority);
    await under(attacker.openAndReset(kWhoAmI, kFlood));
    attacker.destroy();
  });

  it('refuses headers without end, from one who never acknowledges SETTINGS as well', async () => {
    const attacker = await RawHttp2.connect(edge.port, edge.authority, { acknowledge: false });
    await under((async () => {
      for (let i = 0; i < 50 && !attacker.closed; ++i) {
        attacker.open(kWhoAmI, Array.from({ length: 3 }, (_, n): [string, string] => [`x-${n}`, 'x'.repeat(5_000)]));
        await sleep(5);
      }
    })());
    attacker.destroy();
  });

  it(`serves while ${kIdle} connections do nothing`, async () => {
    const idle: net.Socket[] = [];
    await under((async () => {
      for (let i = 0; i < kIdle; ++i) {
        const socket = net.connect(edge.port, '127.0.0.1');
        socket.on('error', () => undefined);
        idle.push(socket);
        if (i % 100 === 99) await once(socket, 'connect');
      }
      await sleep(500);
    })());
    // They were given some seconds to come to their point.
    for (let waited = 0; waited < 30 && idle.some((socket) => !socket.closed); ++waited) await sleep(1_000);
    assert.ok(idle.every((socket) => socket.closed), 'none is held for ever');
  });

  it('logs no address, no token and nobody’s data', () => {
    const log = fs.readFileSync(edge.log, 'utf8');
    assert.match(log, /"call":"\/snowfield\.canvass\.v1\.CanvassService\/SendKnocks","status":200,"grpc_status":"0"/);
    assert.doesNotMatch(log, /127\.0\.0\.1|sft_|Bearer/);
  });
});

describe('the server itself, without the edge', () => {
  const folder = makeFolder();
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  // CVE-2023-4785: the listener of gRPC 1.51 that was once out of file descriptors never accepts again. Only a probe that
  // opens a connection of its own sees it.
  it('is found dead by its probe once it ran out of file descriptors', async () => {
    const server = await Server.start(path.join(folder, 'data'), { filesMax: 200 });
    const probe = () => {
      try {
        execFileSync(process.env.SNOWFIELD_BINARY!, ['probe', '--address', server.address, '--timeout', '3'], { stdio: 'pipe' });
        return 'alive';
      } catch (error) {
        return String((error as { stderr: Buffer }).stderr);
      }
    };
    assert.equal(probe(), 'alive');
    const [host, port] = server.address.split(':');
    const sockets = Array.from({ length: 400 }, () => net.connect(Number(port), host).on('error', () => undefined));
    await sleep(1_500);
    for (const socket of sockets) socket.destroy();
    await sleep(500);
    assert.match(probe(), /PROBE_FAILED/);
    await server.stop();
  });
});
