-- name: set_nested_loops
-- $1: on or off, for this transaction. Right after an import the planner has no statistics, takes every table for tiny, and
-- would loop over it row by row.
select set_config('enable_nestloop', $1, true);

-- name: read_doors
-- Doors that may be visited: nobody there has said otherwise, nor have all who live there voted.
-- $2: a person is known behind the door, of one of the parties $3 where there are any. Where $4, the door is among
-- $5.
select d.door_id, a.address_point_id, st_x(a.position), st_y(a.position), a.house_number, a.street, a.street_key,
       d.unit, d.floor, d.external_id
from door d
join address_point a on a.campaign_id = $1 and a.address_point_id = d.address_point_id
where d.campaign_id = $1 and not d.do_not_contact
  and not exists (select from voted_door v where v.campaign_id = $1 and v.door_id = d.door_id)
  and (not $2 or exists (
    select from person p
    where p.campaign_id = $1 and p.door_id = d.door_id and (cardinality($3::text[]) = 0 or p.party = any($3))))
  and (not $4 or d.door_id in (select unnest($5::bigint[])))
order by d.door_id;

-- name: read_doors_inside
-- As read_doors, inside any of the boundaries $6. Under row-level security `&&` may not use its index, so points meet
-- boundaries in the cells of a grid by a hash or merge join, and only those in a cell that an edge passes are tested.
with chosen as materialized (
  select boundary_id, area, st_xmin(area) as west, st_ymin(area) as south, st_xmax(area) as east, st_ymax(area) as north
  from boundary where campaign_id = $1 and boundary_id = any($6)
), grid as materialized (
  -- About 64 cells for each boundary, and no more than 1,024 along the longest.
  select greatest(sqrt(sum((east - west) * (north - south)) / (64 * count(*))),
                  max(greatest(east - west, north - south)) / 1024, 1e-6) as cell_deg
  from chosen
), cell as materialized (
  select boundary_id, area, x, y,
         st_makeenvelope(x * cell_deg, y * cell_deg, (x + 1) * cell_deg, (y + 1) * cell_deg, 4326) as box
  from chosen, grid,
       generate_series(floor(west / cell_deg)::int, floor(east / cell_deg)::int) x,
       generate_series(floor(south / cell_deg)::int, floor(north / cell_deg)::int) y
), piece as materialized (
  -- The box a little larger: a point on the cell's edge may be rounded into either cell.
  select boundary_id, x, y, st_contains(area, st_expand(box, 1e-9)) as whole
  from cell where st_intersects(area, st_expand(box, 1e-9))
), candidate as materialized (
  select p.address_point_id, p.position, piece.boundary_id, piece.whole
  from (select address_point_id, position, floor(st_x(position) / cell_deg)::int as x,
               floor(st_y(position) / cell_deg)::int as y
        from grid, address_point where campaign_id = $1) p
  join piece using (x, y)
), inside as (
  select address_point_id from candidate where whole
  union
  -- One boundary after the other: PostGIS keeps a prepared polygon as long as it gets the same one.
  select near.address_point_id
  from (select * from candidate where not whole order by boundary_id offset 0) near
  join chosen using (boundary_id)
  where st_intersects(chosen.area, near.position)
)
select d.door_id, a.address_point_id, st_x(a.position), st_y(a.position), a.house_number, a.street, a.street_key,
       d.unit, d.floor, d.external_id
from inside
join address_point a on a.campaign_id = $1 and a.address_point_id = inside.address_point_id
join door d on d.campaign_id = $1 and d.address_point_id = inside.address_point_id
where not d.do_not_contact
  and not exists (select from voted_door v where v.campaign_id = $1 and v.door_id = d.door_id)
  and (not $2 or exists (
    select from person p
    where p.campaign_id = $1 and p.door_id = d.door_id and (cardinality($3::text[]) = 0 or p.party = any($3))))
  and (not $4 or d.door_id in (select unnest($5::bigint[])))
order by d.door_id;

-- name: doors_of_filter
-- A filter's condition over f comes in the place of (true).
select distinct f.door_id from visit_fact f where f.campaign_id = $1 and (true);

-- name: read_streets
select street_id, name, name_key, street_class, walkable, bridge_or_tunnel, st_asewkb(line_string)
from street where campaign_id = $1
order by street_id;

-- name: read_barriers
select barrier_id, kind, st_asewkb(shape) from barrier where campaign_id = $1 order by barrier_id;

-- name: read_boundaries
-- Of kind $2 where it is not empty, and with an id of $3 where there are any.
select boundary_id, kind, name, code, st_asewkb(area)
from boundary
where campaign_id = $1 and ($2 = '' or kind = $2) and (cardinality($3::bigint[]) = 0 or boundary_id = any($3))
order by boundary_id;

-- name: list_boundaries
-- A page: with ids above $3, at most $4.
select boundary_id, kind, name, code, st_asewkb(area)
from boundary
where campaign_id = $1 and ($2 = '' or kind = $2) and boundary_id > $3
order by boundary_id
limit $4;

-- name: read_places
-- Every address point with the number of its doors.
select st_x(a.position), st_y(a.position), n.doors
from (select address_point_id, count(*) as doors from door where campaign_id = $1 group by address_point_id) n
join address_point a on a.campaign_id = $1 and a.address_point_id = n.address_point_id;

-- name: count_territory
select (select count(*) from door where campaign_id = $1),
       (select count(*) from street where campaign_id = $1),
       (select count(*) from barrier where campaign_id = $1),
       (select count(*) from boundary where campaign_id = $1),
       (select count(*) from person where campaign_id = $1 and erase_time is null),
       (select count(*) from person where campaign_id = $1 and door_id is not null),
       points.count, st_xmin(points.extent), st_ymin(points.extent), st_xmax(points.extent), st_ymax(points.extent)
from (select count(*) as count, st_extent(position) as extent from address_point where campaign_id = $1) points;

-- name: count_doors
select count(*) from door where campaign_id = $1;

-- name: list_unmatched_people
select person_id, external_id, match_reason
from person
where campaign_id = $1 and door_id is null and erase_time is null and person_id > $2
order by person_id
limit $3;
