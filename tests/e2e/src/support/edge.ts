// The shipped nginx in front of a server, with a certificate made for the test.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { repository } from './protos';

const kReadyTries = 100;

export class Edge {
  private constructor(readonly port: number, readonly authority: Buffer, readonly log: string,
    private readonly child: ChildProcess) {}

  // `folder` is the edge's own.
  static async start(upstream: string, port: number, folder: string): Promise<Edge> {
    fs.mkdirSync(folder, { recursive: true });
    fs.chmodSync(folder, 0o777); // nginx's workers give up root
    const key = path.join(folder, 'key.pem');
    const certificate = path.join(folder, 'certificate.pem');
    execFileSync('openssl', [
      'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
      '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', certificate,
    ], { stdio: 'ignore' });
    const values: Record<string, string> = {
      SNOWFIELD_OFFICE: upstream,
      SNOWFIELD_PHONES: upstream,
      SNOWFIELD_CUTTER: upstream,
      SNOWFIELD_EDGE_LISTEN: `127.0.0.1:${port}`,
      SNOWFIELD_CERTIFICATE: certificate,
      SNOWFIELD_CERTIFICATE_KEY: key,
      SNOWFIELD_EDGE_FOLDER: folder,
    };
    const template = fs.readFileSync(path.join(repository, 'helm/snowfield/files/nginx.conf.template'), 'utf8');
    const configuration = path.join(folder, 'nginx.conf');
    // As envsubst does, for the names that the template says.
    fs.writeFileSync(configuration, template.replace(/\$\{(SNOWFIELD_\w+)\}/g, (_, name: string) => values[name]));
    const log = path.join(folder, 'edge.log');
    const out = fs.openSync(log, 'a');
    const child = spawn('nginx', ['-c', configuration, '-e', 'stderr', '-g', 'daemon off;'], { stdio: ['ignore', out, out] });
    const edge = new Edge(port, fs.readFileSync(certificate), log, child);
    await edge.waitForReady();
    return edge;
  }

  get address(): string {
    return `localhost:${this.port}`;
  }

  private async waitForReady(): Promise<void> {
    for (let tries = 0; tries < kReadyTries; ++tries) {
      if (this.child.exitCode !== null) break;
      const socket = net.connect(this.port, '127.0.0.1');
      const ready = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'close').then(() => false)])
        .catch(() => false);
      socket.destroy();
      if (ready) return;
      await sleep(50);
    }
    throw new Error(`nginx did not start:\n${fs.readFileSync(this.log, 'utf8')}`);
  }

  async stop(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exit;
  }
}
