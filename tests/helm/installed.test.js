// The chart on a real kube-apiserver: what it makes in all combinations is checked by the server itself, and it is installed,
// upgraded and taken away.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';

import { ApiServer } from './support/apiserver.js';
import { chart, helm, least, podTemplates, render, settings } from './support/chart.js';

const namespace = 'campaign';
const ownDatabase = { 'edge.tlsSecret': 't', 'database.cluster.create': true, 'database.cluster.serverPasswordSecret': 'p' };
// Each of two ways; all products of them are rendered.
const choices = [
  [least, ownDatabase],
  [{}, { 'office.autoscaling.enabled': true, 'phones.autoscaling.enabled': true, 'cutter.autoscaling.enabled': true }],
  [{}, { 'networkPolicy.enabled': false }],
  [{}, {
    'monitoring.serviceMonitor.enabled': true, 'monitoring.serviceMonitor.labels.release': 'prometheus', 'monitoring.rules.enabled': true,
    'monitoring.dashboard.enabled': true, 'monitoring.readers[0].namespaceSelector.matchLabels.name': 'monitoring',
  }],
  [{}, { 'disruptionBudget.enabled': false }],
  [{}, { 'migration.enabled': false, 'serviceAccount.existing': 'ours', 'imagePullSecrets[0]': 'registry' }],
  [{}, { 'edge.service.type': 'ClusterIP', 'edge.replicas': 1, 'phones.replicas': 1, 'database.cidrs[0]': '10.0.0.0/8' }],
];

describe('a kube-apiserver', () => {
  let server;
  before(async () => {
    server = await ApiServer.start();
    const made = await server.request('POST', '/api/v1/namespaces', {
      apiVersion: 'v1', kind: 'Namespace',
      metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    });
    assert.equal(made.status, 201, made.body);
  }, { timeout: 300_000 });
  after(() => server?.stop());

  const helmRun = (...args) => execFileSync(helm, [...args, '--namespace', namespace],
    { env: { ...process.env, KUBECONFIG: server.kubeconfig } }).toString();

  it('takes every document of every combination of values, to the last field', { timeout: 600_000 }, async () => {
    const seen = new Set();
    let combinations = 0;
    for (let bits = 0; bits < 1 << choices.length; ++bits) {
      const values = Object.assign({}, ...choices.map((ways, i) => ways[(bits >> i) & 1]));
      ++combinations;
      for (const document of render(values)) {
        const text = JSON.stringify(document);
        if (seen.has(text)) continue;
        seen.add(text);
        assert.equal(await server.refusalOf(document, namespace), '', `${document.kind} ${document.metadata.name}`);
      }
    }
    assert.equal(combinations, 128);
    assert.ok(seen.size > 40, `only ${seen.size} different documents`);
  });

  it('refuses a field that it does not know, so that the check above can fail', async () => {
    const [document] = render(least).filter((each) => each.kind === 'Deployment');
    document.spec.template.spec.containers[0].imagePulPolicy = 'Always';
    assert.match(await server.refusalOf(document, namespace), /imagePulPolicy/);
  });

  it('lets each pod into a namespace that admits only restricted ones', async () => {
    for (const [name, template] of podTemplates(render(least))) {
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...template.metadata, name }, spec: template.spec };
      assert.equal(await server.refusalOf(pod, namespace), '', name);
    }
  });

  it('has the release installed, upgraded and taken away', { timeout: 120_000 }, async () => {
    const list = async (target) => JSON.parse((await server.request('GET', target)).body).items.map((item) => item.metadata.name);
    const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
    const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    const said = helmRun('install', 'field', chart, ...settings(least));
    assert.match(said, /STATUS: deployed/);
    // The pod that its notes would run.
    const { spec } = JSON.parse(/--overrides='(.*)'/.exec(said)[1]);
    const labels = Object.fromEntries(/--labels=(\S+)/.exec(said)[1].split(',').map((label) => label.split('=')));
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'token', labels }, spec };
    assert.equal(await server.refusalOf(pod, namespace), '');
    assert.deepEqual((await list(deployments)).sort(),
      ['field-snowfield-cutter', 'field-snowfield-edge', 'field-snowfield-office', 'field-snowfield-phones']);
    assert.deepEqual(await list(jobs), ['field-snowfield-migrate-1']);
    helmRun('upgrade', 'field', chart, ...settings({ ...least, 'image.tag': '0.2.0' }));
    assert.deepEqual(await list(jobs), ['field-snowfield-migrate-2'], 'a revision has a job of its own');
    helmRun('uninstall', 'field');
    assert.deepEqual(await list(deployments), []);
  });
});
