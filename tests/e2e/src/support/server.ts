// The built `snowfield`: a server on a free port over a data folder of its own, and the verbs of the command line.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { Caller } from './caller';
import { repository } from './protos';

export const binary = process.env.SNOWFIELD_BINARY ?? path.join(repository, 'build/bin/snowfield');

// A folder for one test that a server's PostgreSQL, which may run as another user, can enter.
export function makeFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'snowfield-e2e-'));
  fs.chmodSync(folder, 0o755);
  return folder;
}

export async function freePort(): Promise<number> {
  const socket = net.createServer().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address() as net.AddressInfo;
  socket.close();
  await once(socket, 'close');
  return port;
}

// libfaketime, for the clock on the wall only: the time since the boot goes on as it is.
function clockAheadBy(days: number): Record<string, string> {
  const library = fs.readdirSync('/usr/lib', { withFileTypes: true })
    .map((entry) => `/usr/lib/${entry.name}/faketime/libfaketimeMT.so.1`).find((file) => fs.existsSync(file));
  if (!library) throw new Error('libfaketime is missing: run script/install --tests');
  return { LD_PRELOAD: library, FAKETIME: `${days < 0 ? '' : '+'}${days}d`, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
}

export class Server {
  private constructor(
    readonly address: string,
    readonly data: string,
    private readonly child: ChildProcess,
    private readonly log: string,
  ) {}

  // `filesMax`: how many files and connections it may have open at once. `clockDays`: how far its clock, and that of its
  // PostgreSQL, is ahead of this machine's.
  static async start(data: string, { filesMax = 0, clockDays = 0 } = {}): Promise<Server> {
    const address = `127.0.0.1:${await freePort()}`;
    const log = path.join(data, 'server.log');
    fs.mkdirSync(data, { recursive: true });
    const limits = filesMax > 0 ? `ulimit -Sn ${filesMax}; ulimit -Hn ${filesMax}; ` : '';
    const child = spawn('bash', ['-c', `${limits}exec "$0" serve --data "$1" --listen "$2"`, binary, data, address], {
      stdio: ['ignore', 'ignore', fs.openSync(log, 'a')],
      env: { ...process.env, ...(clockDays !== 0 && clockAheadBy(clockDays)) },
    });
    const server = new Server(address, data, child, log);
    const caller = new Caller(address);
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the server ended with ${code}:\n${server.lastLog()}`);
    });
    try {
      await Promise.race([caller.waitForReady(120), ended]);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    } finally {
      caller.close();
      ended.catch(() => undefined);
    }
    return server;
  }

  get processId(): number {
    return this.child.pid!;
  }

  operatorTokenFile(): string {
    return path.join(this.data, 'operator.token');
  }

  operator(): Caller {
    return new Caller(this.address, fs.readFileSync(this.operatorTokenFile(), 'utf8').trim());
  }

  lastLog(): string {
    return fs.readFileSync(this.log, 'utf8').split('\n').slice(-20).join('\n');
  }

  // As by a power cut: nothing is told to end.
  async kill(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exit;
  }

  // Ends the server as an operator does, and answers with its exit code.
  async stop(): Promise<number | null> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const [code] = await exit;
    return code;
  }
}

// Runs a verb of the command line and answers with what it printed.
export async function cli(args: string[], environment: Record<string, string> = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(binary, args, {
    env: { ...process.env, ...environment },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}
