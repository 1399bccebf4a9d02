// A PostgreSQL primary and a standby that has each commit before it is acknowledged, as an operator (or a cluster's operator) would
// run them; made and ended by the test. Unix sockets only. As root, the programs run as the account postgres.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const programs = '/usr/lib/postgresql/15/bin';
const kReadyTries = 300;

function asPostgres(command: string, args: string[]): [string, string[]] {
  return process.getuid!() === 0 ? ['runuser', ['-u', 'postgres', '--', command, ...args]] : [command, args];
}
function run(command: string, args: string[]): string {
  return execFileSync(...asPostgres(path.join(programs, command), args), { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' }).toString();
}

export class PostgresPair {
  private readonly children = new Map<string, ChildProcess>();
  // Of the schema's owner, and of the servers; both name both clusters, and find the one that can be written to.
  readonly ownerDatabase: string;
  readonly serverDatabase: string;

  private constructor(private readonly folder: string) {
    const hosts = `host=${this.socket('first')},${this.socket('second')} port=5432,5432 dbname=snowfield target_session_attrs=read-write`;
    this.ownerDatabase = `${hosts} user=postgres`;
    this.serverDatabase = `${hosts} user=web`;
  }

  static async start(folder: string): Promise<PostgresPair> {
    const pair = new PostgresPair(folder);
    fs.mkdirSync(folder, { recursive: true });
    fs.chmodSync(folder, 0o777);
    for (const name of ['first', 'second']) {
      fs.mkdirSync(pair.socket(name));
      fs.chmodSync(pair.socket(name), 0o777);
    }
    run('initdb', ['--pgdata', pair.data('first'), '--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C']);
    await pair.startCluster('first');
    pair.sql('first', 'create database snowfield', 'postgres');
    pair.sql('first', 'create extension postgis');
    run('pg_basebackup', ['--pgdata', pair.data('second'), '--host', pair.socket('first'), '--username=postgres', '--wal-method=stream',
      '--checkpoint=fast', '--write-recovery-conf', '--create-slot', '--slot=second']);
    fs.appendFileSync(path.join(pair.data('second'), 'postgresql.auto.conf'),
      `primary_conninfo = 'host=${pair.socket('first')} user=postgres application_name=second'\n`);
    await pair.startCluster('second');
    // From here on nothing is acknowledged that the standby has not.
    pair.sql('first', "alter system set synchronous_standby_names = 'any 1 (second)'", 'postgres');
    pair.sql('first', 'select pg_reload_conf()', 'postgres');
    for (let tries = 0; pair.sql('first', 'select sync_state from pg_stat_replication', 'postgres') !== 'quorum'; ++tries) {
      if (tries > kReadyTries) throw new Error('the standby does not follow');
      await sleep(100);
    }
    return pair;
  }

  private data(name: string): string {
    return path.join(this.folder, name);
  }
  private socket(name: string): string {
    return path.join(this.folder, `${name}-socket`);
  }

  private async startCluster(name: string): Promise<void> {
    const log = fs.openSync(path.join(this.folder, `${name}.log`), 'a');
    const [command, args] = asPostgres(path.join(programs, 'postgres'), ['-D', this.data(name), '-k', this.socket(name),
      '-c', 'listen_addresses=', '-c', 'hot_standby=on', '-c', 'max_connections=100']);
    this.children.set(name, spawn(command, args, { stdio: ['ignore', log, log], cwd: '/' }));
    for (let tries = 0; tries < kReadyTries; ++tries) {
      try {
        run('pg_isready', ['--quiet', '--host', this.socket(name)]);
        return;
      } catch {
        await sleep(100);
      }
    }
    throw new Error(`cluster ${name} does not start:\n${fs.readFileSync(path.join(this.folder, `${name}.log`), 'utf8')}`);
  }

  sql(name: 'first' | 'second', statement: string, database = 'snowfield'): string {
    return run('psql', ['--host', this.socket(name), '--username=postgres', '--no-psqlrc', '--tuples-only', '--no-align', '--command',
      statement, database]).trim();
  }

  // The login role of the servers, once the schema is there.
  addServerRole(): void {
    this.sql('first', 'create role web login');
    this.sql('first', 'grant snowfield_app to web');
  }

  // As by a power cut: every process of the first cluster at once.
  killFirst(): void {
    const leader = Number(fs.readFileSync(path.join(this.data('first'), 'postmaster.pid'), 'utf8').split('\n')[0]);
    const children = execFileSync('pgrep', ['-P', String(leader)]).toString().trim().split('\n').map(Number);
    for (const id of [leader, ...children]) {
      try {
        process.kill(id, 'SIGKILL');
      } catch {
        // It ended by itself.
      }
    }
  }

  // The second becomes the primary. It waits for no standby, for it has none.
  promoteSecond(): void {
    run('pg_ctl', ['promote', '--pgdata', this.data('second'), '--wait']);
  }

  async stop(): Promise<void> {
    for (const [name, child] of this.children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exit = once(child, 'exit');
      try {
        run('pg_ctl', ['stop', '--pgdata', this.data(name), '--mode=immediate']);
      } catch {
        child.kill('SIGKILL');
      }
      await exit;
    }
  }
}
