// What is watched: the alerts and the dashboard, against the metrics of a real server read by a real Prometheus.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { parse } from 'yaml';

import { binary, chart, least, one, render, repository } from './support/chart.js';

const alertsFile = path.join(chart, 'files/alerts.yaml');
const alerts = parse(fs.readFileSync(alertsFile, 'utf8')).groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(fs.readFileSync(path.join(chart, 'files/dashboard.json'), 'utf8'));
const expressions = [
  ...alerts.map((rule) => rule.expr),
  ...dashboard.panels.flatMap((panel) => panel.targets.map((target) => target.expr)),
];

// Ends with the test, whatever becomes of it.
function startProgram(program, programArguments) {
  const child = spawn(program, programArguments, { stdio: ['ignore', 'ignore', 'pipe'] });
  child.lines = createInterface({ input: child.stderr });
  return child;
}

async function until(what, ready) {
  for (let tries = 0; tries < 120; ++tries) {
    const value = await ready().catch(() => undefined);
    if (value !== undefined) return value;
    await sleep(500);
  }
  throw new Error(`waited in vain for ${what}`);
}

describe('what is watched', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'snowfield-watch-'));
  const programs = [];
  let metricsPort;
  let metrics;

  before(async () => {
    fs.chmodSync(folder, 0o755); // the server's own database runs as somebody else
    const server = startProgram(binary,
      ['serve', '--data', path.join(folder, 'data'), '--listen', '127.0.0.1:0', '--metrics-listen', '127.0.0.1:0']);
    programs.push(server);
    for await (const line of server.lines) {
      const said = JSON.parse(line);
      if (said.event !== 'server.ready') continue;
      metricsPort = said.metrics_port;
      break;
    }
    server.stderr.resume();
    metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  }, { timeout: 120_000 });

  after(async () => {
    for (const program of programs.reverse()) {
      program.kill('SIGTERM');
      if (program.exitCode === null) await new Promise((resolve) => program.once('exit', resolve));
    }
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('is exported by the server, each name of it', () => {
    const exported = new Set(metrics.split('\n').filter((line) => /^[a-z]/.test(line)).map((line) => /^\w+/.exec(line)[0]));
    const used = new Set(expressions.flatMap((expression) => expression.match(/\b(grpc_server|snowfield)_\w+/g) ?? []));
    assert.ok(used.size > 12);
    for (const name of used) assert.ok(exported.has(name), name);
  });

  it('names no campaign, member or phone in any series', () => {
    const labels = new Set([...metrics.matchAll(/[{,](\w+)="/g)].map(([, label]) => label));
    assert.deepEqual([...labels].sort(), ['grpc_code', 'grpc_method', 'grpc_service', 'le', 'outcome', 'quantile']);
    assert.ok(metrics.split('\n').length < 6000, 'series are bounded by the RPCs and codes');
  });

  it('is explained to who is woken', () => {
    const operate = fs.readFileSync(path.join(repository, 'docs/operate.md'), 'utf8');
    for (const { alert } of alerts) assert.match(operate, new RegExp(`^### ${alert}$`, 'm'), alert);
  });

  it('is read by Prometheus, and each rule and panel can be worked out', { timeout: 120_000 }, async () => {
    execFileSync('promtool', ['check', 'rules', alertsFile]);
    const configuration = path.join(folder, 'prometheus.yml');
    fs.writeFileSync(configuration, `
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: ['${alertsFile}']
scrape_configs:
  - job_name: field-snowfield-phones-pods
    static_configs: [{targets: ['127.0.0.1:${metricsPort}']}]
`);
    const address = '127.0.0.1:39090';
    programs.push(startProgram('prometheus', [`--config.file=${configuration}`,
      `--storage.tsdb.path=${path.join(folder, 'prometheus')}`, `--web.listen-address=${address}`]));
    const ask = async (target) => {
      const answer = await fetch(`http://${address}/api/v1/${target}`);
      assert.equal(answer.status, 200, `${target}: ${await answer.clone().text()}`);
      return (await answer.json()).data;
    };
    await until('the first reading', async () => {
      const { result } = await ask('query?query=up');
      return result.length === 1 && result[0].value[1] === '1' ? true : undefined;
    });
    const rules = await until('the rules', async () => {
      const each = (await ask('rules')).groups.flatMap((group) => group.rules);
      return each.every((rule) => rule.health !== 'unknown') ? each : undefined;
    });
    assert.equal(rules.length, alerts.length);
    for (const rule of rules) assert.equal(rule.health, 'ok', `${rule.name}: ${rule.lastError}`);
    assert.deepEqual(rules.filter((rule) => rule.state === 'firing').map((rule) => rule.name), [], 'all is well');
    for (const expression of expressions) {
      await ask(`query?query=${encodeURIComponent(expression.replaceAll('$__rate_interval', '1m'))}`);
    }
  });
});

describe('the chart', () => {
  it('lets Prometheus read each pod once, and only where it is named as a reader', () => {
    const reader = { 'monitoring.readers[0].namespaceSelector.matchLabels.name': 'monitoring' };
    const documents = render({ ...least, ...reader, 'monitoring.serviceMonitor.enabled': true, 'monitoring.rules.enabled': true });
    const { selector } = one(documents, 'ServiceMonitor', 'field-snowfield').spec;
    const chosen = documents.filter((document) => document.kind === 'Service'
      && Object.entries(selector.matchLabels).every(([label, value]) => document.metadata.labels[label] === value));
    assert.deepEqual(chosen.map((service) => service.metadata.name).sort(),
      ['field-snowfield-cutter-pods', 'field-snowfield-office-pods', 'field-snowfield-phones-pods']);
    const { ingress } = one(documents, 'NetworkPolicy', 'field-snowfield-phones').spec;
    assert.deepEqual(ingress[1], { from: [{ namespaceSelector: { matchLabels: { name: 'monitoring' } } }],
      ports: [{ port: 7313, protocol: 'TCP' }] });
    assert.deepEqual(one(documents, 'PrometheusRule', 'field-snowfield').spec.groups[0].rules, alerts);
  });
});
