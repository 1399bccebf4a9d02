// The chart, rendered by helm.
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { parseAllDocuments } from 'yaml';

export const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
export const chart = path.join(repository, 'helm/snowfield');
export const tools = path.join(repository, 'build/chart-tools');
export const helm = path.join(tools, 'helm');
export const binary = process.env.SNOWFIELD_BINARY;

export const components = ['office', 'phones', 'cutter'];

// The least that must be said.
export const least = {
  'edge.tlsSecret': 'edge-tls',
  'database.server.existingSecret': 'server-dsn',
  'database.owner.existingSecret': 'owner-dsn',
};

export function settings(values) {
  return Object.entries(values).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
}

// The documents that these values make.
export function render(values, release = 'field') {
  const text = execFileSync(helm, ['template', release, chart, ...settings(values)], { maxBuffer: 1 << 26 }).toString();
  return parseAllDocuments(text).map((document) => document.toJS()).filter((document) => document !== null);
}

// What helm says of values that it refuses; fails where it takes them.
export function refusalOf(values) {
  const run = spawnSync(helm, ['template', 'field', chart, ...settings(values)]);
  if (run.status === 0) throw new Error(`taken, and should be refused: ${JSON.stringify(values)}`);
  return run.stderr.toString();
}

export function one(documents, kind, name) {
  const found = documents.filter((document) => document.kind === kind && document.metadata.name === name);
  if (found.length !== 1) throw new Error(`${found.length} of ${kind} ${name}`);
  return found[0];
}

// Every pod template, with the name of what makes it.
export function podTemplates(documents) {
  return documents.filter((document) => ['Deployment', 'Job'].includes(document.kind))
    .map((document) => [document.metadata.name, document.spec.template]);
}
