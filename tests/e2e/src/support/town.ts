// A made-up town: its files as `snowfield town generate` writes them, read in TypeScript into rows of the API.
import fs from 'node:fs';
import path from 'node:path';

import type { Line } from '../../generated/snowfield/geometry/v1/Line';
import type { AddressRow } from '../../generated/snowfield/territory/v1/AddressRow';
import type { BarrierRow } from '../../generated/snowfield/territory/v1/BarrierRow';
import type { BoundaryRow } from '../../generated/snowfield/territory/v1/BoundaryRow';
import type { ImportKind } from '../../generated/snowfield/territory/v1/ImportKind';
import type { PersonRow } from '../../generated/snowfield/territory/v1/PersonRow';
import type { StreetRow } from '../../generated/snowfield/territory/v1/StreetRow';
import type { Caller } from './caller';
import { parseTable } from './csv';
import { type ImportResult, importRows, inBatches, type Rows } from './imports';
import { cli } from './server';

export interface Town {
  addresses: AddressRow[]; // one for each door
  streets: StreetRow[];
  barriers: BarrierRow[];
  boundaries: BoundaryRow[];
  people: PersonRow[];
}

export async function generateTown(folder: string, doors = 2400): Promise<Town> {
  await cli(['town', 'generate', '--seed', '7', '--doors', String(doors), '--out', folder]);
  const read = (name: string) => fs.readFileSync(path.join(folder, name), 'utf8');
  return {
    addresses: readAddresses(read('addresses.csv')),
    streets: features(read('streets.geojson')).map(readStreet),
    barriers: features(read('barriers.geojson')).map(readBarrier),
    boundaries: features(read('boundaries.geojson')).map(readBoundary),
    people: readVoters(read('voters.tsv')),
  };
}

// All five kinds, each as a data set of its own.
export async function importTown(caller: Caller, town: Town): Promise<(ImportResult & { kind: string; rows: number })[]> {
  const parts: [ImportKind & string, keyof Rows, object[]][] = [
    ['IMPORT_KIND_STREETS', 'streets', town.streets],
    ['IMPORT_KIND_BARRIERS', 'barriers', town.barriers],
    ['IMPORT_KIND_BOUNDARIES', 'boundaries', town.boundaries],
    ['IMPORT_KIND_ADDRESSES', 'addresses', town.addresses],
    ['IMPORT_KIND_PEOPLE', 'people', town.people],
  ];
  const results = [];
  for (const [kind, key, rows] of parts) {
    const result = await importRows(caller, { kind, dataset: `town-${key}` }, inBatches(key, rows));
    results.push({ ...result, kind, rows: rows.length });
  }
  return results;
}

function readAddresses(text: string): AddressRow[] {
  return parseTable(text).rows.map((row, i) => ({
    line: i + 2,
    external_id: row.id,
    house_number: row.house_number,
    street: row.street,
    unit: row.unit,
    city: row.city,
    postal_code: row.postal_code,
    position: { longitude: Number(row.longitude), latitude: Number(row.latitude) },
    ...(row.floor && { floor: Number(row.floor) }),
  }));
}

// Without those who are removed from the rolls, or whose address is confidential.
function readVoters(text: string): PersonRow[] {
  const { rows } = parseTable(text, '\t');
  const listed = rows.map((row, i): [number, Record<string, string>] => [i + 2, row])
    .filter(([, row]) => row.status_cd !== 'R' && row.confidential_ind !== 'Y');
  return listed.map(([line, row]) => ({
    line,
    external_id: row.ncid,
    first_name: row.first_name,
    middle_name: row.middle_name,
    last_name: row.last_name,
    address_line: row.res_street_address,
    city: row.res_city_desc,
    postal_code: row.zip_code,
    birth_year: Number(row.birth_year) || 0,
    sex: row.gender_code,
    party: row.party_cd,
    phone: row.full_phone_number,
  }));
}

interface Feature {
  line: number;
  properties: Record<string, string>;
  geometry: { type: string; coordinates: any };
}

function features(text: string): Feature[] {
  return JSON.parse(text).features.map((feature: Feature, i: number) => ({ ...feature, line: i + 1 }));
}

const line = (points: number[][]): Line => ({ coordinates: points.flatMap(([x, y]) => [x, y]) });
const polygon = (rings: number[][][]) => ({ rings: rings.map(line) });

function area({ geometry }: Feature) {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  return { polygons: polygons.map(polygon) };
}

function readStreet(feature: Feature): StreetRow {
  const { properties } = feature;
  return {
    line: feature.line,
    external_id: String(properties.id),
    name: properties.name ?? '',
    class_scheme: 'CLASS_SCHEME_OSM',
    source_class: properties.highway,
    bridge_or_tunnel: properties.bridge === 'yes',
    line_string: line(feature.geometry.coordinates),
  };
}

function readBarrier(feature: Feature): BarrierRow {
  const { type, coordinates } = feature.geometry;
  return {
    line: feature.line,
    external_id: String(feature.properties.id),
    kind: `BARRIER_KIND_${feature.properties.kind.toUpperCase()}` as BarrierRow['kind'],
    geometry: type === 'LineString' ? { line: line(coordinates) } : { multi_polygon: area(feature) },
  };
}

function readBoundary(feature: Feature): BoundaryRow {
  const { kind, name, code } = feature.properties;
  return { line: feature.line, kind, name, code: String(code), area: area(feature) };
}
