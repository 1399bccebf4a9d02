// What the chart makes, without a cluster.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';

import { binary, chart, components, helm, least, one, podTemplates, refusalOf, render, repository, settings } from './support/chart.js';

const everything = {
  ...least,
  'office.autoscaling.enabled': true, 'phones.autoscaling.enabled': true, 'cutter.autoscaling.enabled': true,
};

describe('the chart', () => {
  it('passes the strict lint', () => {
    execFileSync(helm, ['lint', '--strict', chart, ...settings(least)]);
    execFileSync(helm, ['lint', '--strict', chart, ...settings(everything)]);
  });

  it('says what is missing, by the name of the value', () => {
    const without = (name) => Object.fromEntries(Object.entries(least).filter(([key]) => key !== name));
    for (const name of Object.keys(least)) assert.match(refusalOf(without(name)), new RegExp(name.replaceAll('.', '\\.')));
    assert.match(refusalOf({ 'edge.tlsSecret': 't', 'database.cluster.create': true }), /serverPasswordSecret/);
  });

  it('refuses values that it does not know, or that can not be', () => {
    for (const [name, value] of Object.entries({
      'phones.replica': 3, 'image.digest': 'sha256:abc', 'edge.service.type': 'Balancer', 'phones.connections': 0,
      'database.cluster.parameters.fsync': 'off', 'database.cluster.parameters.synchronous_commit': 'off',
      'server.connectionAgeSeconds': -1, 'database.cidrs[0]': 'everywhere',
    })) {
      assert.match(refusalOf({ ...least, [name]: value }), /values don't meet the specifications/, name);
    }
  });

  it('describes every value where it is', () => {
    // Each name at the top level has a comment before it.
    const lines = fs.readFileSync(path.join(chart, 'values.yaml'), 'utf8').split('\n');
    lines.forEach((line, i) => {
      if (/^[a-z]\w*:/.test(line)) assert.match(lines[i - 1], /^#/, line);
    });
  });

  it('gives each service of the binary to exactly one deployment', () => {
    const help = execFileSync(binary, ['serve', '--help']).toString();
    const services = /Run only these: ([a-z, \n]+)/.exec(help)[1].split(',').map((name) => name.trim()).sort();
    const documents = render(least);
    const given = components.flatMap((component) =>
      one(documents, 'Deployment', `field-snowfield-${component}`).spec.template.spec.containers[0].args
        .filter((argument) => argument.startsWith('--service=')).map((argument) => argument.slice('--service='.length)));
    assert.deepEqual(given.sort(), services);
  });

  it('sends the calls of each service to the deployment that runs it', () => {
    const documents = render(least);
    const configuration = one(documents, 'ConfigMap', 'field-snowfield-edge').data['nginx.conf'];
    const upstreams = Object.fromEntries([...configuration.matchAll(/upstream (\w+) \{\s+server ([\w-]+):7311;/g)]
      .map(([, name, host]) => [name, host]));
    // As nginx does: an exact location, else the longest prefix.
    const locations = [...configuration.matchAll(/location (= )?(\S+) \{([^}]*)\}/g)]
      .map(([, exact, prefix, body]) => ({ exact: exact !== undefined, prefix, upstream: /grpc_pass grpc:\/\/(\w+);/.exec(body)?.[1] }));
    const hostOf = (call) => {
      const exact = locations.find((location) => location.exact && location.prefix === call);
      const [longest] = locations.filter((location) => !location.exact && call.startsWith(location.prefix))
        .sort((a, b) => b.prefix.length - a.prefix.length);
      return upstreams[(exact ?? longest).upstream];
    };
    // Which services there are, and by which name each is run.
    const made = fs.readFileSync(path.join(repository, 'services/server/server.cc'), 'utf8');
    const names = [...made.matchAll(/\{"(\w+)", "(snowfield\.[\w.]+)",/g)].map(([, short, full]) => [short, full]);
    assert.ok(names.length > 7);
    for (const [short, full] of names) {
      const [host] = components.map((component) => `field-snowfield-${component}`).filter((name) =>
        one(documents, 'Deployment', name).spec.template.spec.containers[0].args.includes(`--service=${short}`));
      const proto = path.join(repository, 'proto', full.split('.').slice(0, 3).join('/'));
      const text = fs.readdirSync(proto).map((file) => fs.readFileSync(path.join(proto, file), 'utf8'))
        .find((each) => each.includes(`service ${full.split('.').pop()} {`));
      const body = text.slice(text.indexOf(`service ${full.split('.').pop()} {`));
      const calls = [...body.slice(0, body.indexOf('\n}')).matchAll(/rpc (\w+)\(/g)].map(([, call]) => call);
      assert.ok(calls.length > 0, full);
      for (const call of calls) assert.equal(hostOf(`/${full}/${call}`), host, `/${full}/${call}`);
    }
  });

  it('starts the binary with arguments that it takes', () => {
    const documents = render({ ...everything, 'server.signInPrivate': true });
    const nowhere = { ...process.env, SNOWFIELD_DATABASE: 'host=127.0.0.1 port=1', SNOWFIELD_OWNER_DATABASE: 'host=127.0.0.1 port=1' };
    for (const [name, template] of podTemplates(documents)) {
      const [container] = template.spec.containers;
      if (container.name === 'nginx') continue;
      const run = spawnSync(binary, container.args, { env: nowhere, timeout: 30_000 });
      assert.match(run.stderr.toString(), /UNAVAILABLE|DATABASE_UNREACHABLE|no PostgreSQL|can't reach/i, `${name}: ${run.stderr}`);
      for (const kind of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
        const command = container[kind]?.exec?.command;
        if (command === undefined) continue;
        assert.equal(command[0], 'snowfield');
        const probe = spawnSync(binary, command.slice(1), { timeout: 30_000 });
        assert.equal(probe.status, 1, `${name}: ${probe.stderr}`); // nothing serves there
      }
    }
  });

  it('gives nginx a configuration that it takes', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'snowfield-edge-'));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=test', '-keyout',
      path.join(folder, 'tls.key'), '-out', path.join(folder, 'tls.crt')], { stdio: 'ignore' });
    const configuration = one(render(least), 'ConfigMap', 'field-snowfield-edge').data['nginx.conf'];
    assert.doesNotMatch(configuration, /\$\{/);
    const here = configuration.replaceAll('/etc/snowfield-tls', folder).replaceAll('/run/edge', folder)
      .replaceAll(/field-snowfield-\w+:7311/g, '127.0.0.1:7311');
    fs.writeFileSync(path.join(folder, 'nginx.conf'), here);
    // It opens /dev/stdout, which is no file where a test's output is a socket.
    const log = path.join(folder, 'log');
    const out = fs.openSync(log, 'w');
    const run = spawnSync('nginx', ['-t', '-c', path.join(folder, 'nginx.conf'), '-e', 'stderr'], { stdio: ['ignore', out, out] });
    assert.equal(run.status, 0, fs.readFileSync(log, 'utf8'));
    fs.rmSync(folder, { recursive: true });
  });

  it('lets no pod be root, write to its root, hold a capability or a token, or grow without end', () => {
    for (const [name, template] of podTemplates(render(everything))) {
      const { spec } = template;
      assert.equal(spec.securityContext.runAsNonRoot, true, name);
      assert.equal(spec.securityContext.seccompProfile.type, 'RuntimeDefault', name);
      assert.equal(spec.automountServiceAccountToken, false, name);
      for (const container of spec.containers) {
        assert.equal(container.securityContext.readOnlyRootFilesystem, true, name);
        assert.equal(container.securityContext.allowPrivilegeEscalation, false, name);
        assert.deepEqual(container.securityContext.capabilities.drop, ['ALL'], name);
        assert.ok(container.resources.limits.memory, name);
      }
    }
  });

  it('keeps connection strings out of arguments and plain values', () => {
    for (const [name, template] of podTemplates(render(everything))) {
      const text = JSON.stringify(template);
      assert.doesNotMatch(text, /--database/, name);
      for (const container of template.spec.containers) {
        for (const variable of container.env ?? []) assert.ok(variable.valueFrom?.secretKeyRef, `${name}: ${variable.name}`);
      }
    }
  });

  it('lets each pod be reached only by whom the policy names', () => {
    const documents = render(least);
    const deny = one(documents, 'NetworkPolicy', 'field-snowfield-default-deny').spec;
    assert.deepEqual(deny.policyTypes, ['Ingress', 'Egress']);
    assert.equal(deny.ingress ?? deny.egress, undefined);
    for (const [name, template] of podTemplates(documents)) {
      for (const [label, value] of Object.entries(deny.podSelector.matchLabels)) {
        assert.equal(template.metadata.labels[label], value, name);
      }
    }
    for (const component of components) {
      const { ingress } = one(documents, 'NetworkPolicy', `field-snowfield-${component}`).spec;
      assert.equal(ingress.length, 1);
      assert.deepEqual(ingress[0].from.map((from) => from.podSelector.matchLabels['app.kubernetes.io/component']), ['edge']);
      assert.deepEqual(ingress[0].ports, [{ port: 7311, protocol: 'TCP' }]);
    }
    assert.equal(one(documents, 'NetworkPolicy', 'field-snowfield-migration').spec.ingress, undefined);
  });

  it('selects with each service, budget and policy the pods that it names, and no others', () => {
    const documents = render({ ...least, 'cutter.replicas': 2 });
    const pods = podTemplates(documents);
    const chosenBy = (labels) => pods.filter(([, template]) =>
      Object.entries(labels).every(([label, value]) => template.metadata.labels[label] === value)).map(([name]) => name);
    for (const document of documents) {
      const labels = { Service: document.spec?.selector, PodDisruptionBudget: document.spec?.selector?.matchLabels }[document.kind];
      if (labels === undefined) continue;
      assert.deepEqual(chosenBy(labels), [document.metadata.name.replace(/-pods$/, '')]);
    }
  });

  it('asks the database it makes for a standby that has each commit', () => {
    const documents = render({ 'edge.tlsSecret': 't', 'database.cluster.create': true, 'database.cluster.serverPasswordSecret': 'p' });
    const { spec } = one(documents, 'Cluster', 'field-snowfield-db');
    assert.deepEqual(spec.postgresql.synchronous, { method: 'any', number: 1, dataDurability: 'required' });
    assert.equal(spec.postgresql.parameters.synchronous_commit, 'on');
    assert.deepEqual(spec.managed.roles[0].inRoles, ['snowfield_app']);
  });

  it('leaves the count of pods to the autoscaler where there is one', () => {
    const documents = render(everything);
    for (const component of components) {
      assert.equal(one(documents, 'Deployment', `field-snowfield-${component}`).spec.replicas, undefined);
      one(documents, 'HorizontalPodAutoscaler', `field-snowfield-${component}`);
    }
  });
});
