// A real kube-apiserver on a real etcd, for the length of a test. There is no kubelet and no controller: what it does is check,
// default and store.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { parseDocument } from 'yaml';

import { tools } from './chart.js';

const kReadySeconds = 120;

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

export class ApiServer {
  static async start() {
    const server = new ApiServer();
    server.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'snowfield-apiserver-'));
    const at = (name) => path.join(server.folder, name);
    const [etcdPort, peerPort] = [await freePort(), await freePort()];
    server.port = await freePort();
    const etcdUrl = `http://127.0.0.1:${etcdPort}`;
    server.children = [];
    server.spawn('etcd', 'etcd', ['--data-dir', at('etcd'), '--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl,
      '--listen-peer-urls', `http://127.0.0.1:${peerPort}`, '--unsafe-no-fsync']);
    execFileSync('openssl', ['genrsa', '-out', at('accounts.key'), '2048'], { stdio: 'ignore' });
    fs.writeFileSync(at('tokens.csv'), 'test-token,test,test,system:masters\n', { mode: 0o600 });
    server.spawn('apiserver', path.join(tools, 'kube-apiserver'), [
      `--etcd-servers=${etcdUrl}`, `--secure-port=${server.port}`, '--bind-address=127.0.0.1', `--cert-dir=${at('certificates')}`,
      '--service-cluster-ip-range=10.96.0.0/16', '--service-account-issuer=https://kubernetes.test',
      `--service-account-key-file=${at('accounts.key')}`, `--service-account-signing-key-file=${at('accounts.key')}`,
      `--token-auth-file=${at('tokens.csv')}`, '--authorization-mode=RBAC',
      // No controller makes the default account of a namespace.
      '--disable-admission-plugins=ServiceAccount',
    ]);
    await server.waitForReady();
    server.kubeconfig = at('kubeconfig');
    fs.writeFileSync(server.kubeconfig, JSON.stringify({
      apiVersion: 'v1', kind: 'Config', 'current-context': 'test',
      clusters: [{ name: 'test', cluster: { server: `https://127.0.0.1:${server.port}`, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'test', user: { token: 'test-token' } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace: 'campaign' } }],
    }), { mode: 0o600 });
    await server.addDefinitions();
    return server;
  }

  spawn(name, command, args) {
    const log = fs.openSync(path.join(this.folder, `${name}.log`), 'a');
    this.children.push(spawn(command, args, { stdio: ['ignore', log, log] }));
  }

  async waitForReady() {
    for (let tries = 0; tries < kReadySeconds * 2; ++tries) {
      if (this.children.some((child) => child.exitCode !== null)) break;
      const answer = await this.request('GET', '/readyz').catch(() => null);
      if (answer?.status === 200) return;
      await sleep(500);
    }
    const log = fs.readFileSync(path.join(this.folder, 'apiserver.log'), 'utf8');
    throw new Error(`kube-apiserver is not ready:\n${log.slice(-4000)}`);
  }

  // The resources of foreign operators, as their projects define them.
  async addDefinitions() {
    const folder = path.join(tools, 'definitions');
    for (const file of fs.readdirSync(folder)) {
      const definition = parseDocument(fs.readFileSync(path.join(folder, file), 'utf8')).toJS();
      const answer = await this.request('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
      if (answer.status !== 201) throw new Error(`${file}: ${answer.body}`);
    }
    for (let tries = 0; tries < 60; ++tries) {
      const groups = await this.request('GET', '/apis/postgresql.cnpg.io/v1');
      const monitors = await this.request('GET', '/apis/monitoring.coreos.com/v1');
      if (groups.status === 200 && monitors.status === 200 && JSON.parse(monitors.body).resources.length > 2) return;
      await sleep(500);
    }
    throw new Error('the definitions of foreign resources are not served');
  }

  request(method, target, body = undefined) {
    return new Promise((resolve, reject) => {
      const call = https.request({
        host: '127.0.0.1', port: this.port, method, path: target, rejectUnauthorized: false,
        headers: { authorization: 'Bearer test-token', 'content-type': 'application/json' },
      }, (answer) => {
        const chunks = [];
        answer.on('data', (chunk) => chunks.push(chunk));
        answer.on('end', () => resolve({ status: answer.statusCode, body: Buffer.concat(chunks).toString() }));
      });
      call.on('error', reject);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  // Lets the server check a document as if it were made, to the last field; the reason where it refuses, else ''.
  async refusalOf(document, namespace) {
    const [group, version] = document.apiVersion.includes('/') ? document.apiVersion.split('/') : ['', document.apiVersion];
    const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    const plural = { NetworkPolicy: 'networkpolicies' }[document.kind] ?? `${document.kind.toLowerCase()}s`;
    const answer = await this.request('POST', `${base}/namespaces/${namespace}/${plural}?dryRun=All&fieldValidation=Strict`, document);
    return answer.status === 201 ? '' : `${answer.status} ${answer.body}`;
  }

  async stop() {
    for (const child of this.children.reverse()) {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      if (child.exitCode === null) await exit;
    }
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
