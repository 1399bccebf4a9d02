-- name: create_stage_address
-- One row for each door that the file gives. A row that only counts its dwellings gives several: unit_index 1, 2, ...;
-- others have 0. row_key says what place the row means (the address point), content_key all that the row says.
create temporary table stage_address (
  seq bigint not null,
  row_number bigint not null,
  line bigint not null,
  unit_index integer not null,
  external_id text collate "C" not null,
  content_key text collate "C" not null,
  row_key text not null,
  unit_key text not null,
  unit text not null,
  floor integer,
  house_number text not null,
  street text not null,
  street_key text not null,
  number_key text not null,
  city text not null,
  postal_code text not null,
  position geometry(Point, 4326) not null
) on commit drop;

-- name: create_stage_point
-- One row for each address point of the file; the first of its doors speaks for it.
create temporary table stage_point (row_key text not null, head_seq bigint not null) on commit drop;

-- name: create_known_door
-- The doors that earlier imports of the data set brought.
create temporary table known_door (
  door_id bigint not null,
  address_point_id bigint not null,
  row_key text not null,
  unit_key text not null,
  external_id text collate "C" not null
) on commit drop;

-- name: create_door_match
-- Which known door a staged one is.
create temporary table door_match (seq bigint not null, door_id bigint not null) on commit drop;

-- name: create_point_match
-- Which address point the doors of a staged one stand at.
create temporary table point_match (row_key text not null, address_point_id bigint not null) on commit drop;

-- name: create_door_change
create temporary table door_change (
  door_id bigint not null,
  seq bigint not null,
  address_point_id bigint not null,
  unit_key text not null,
  moves boolean not null
) on commit drop;

-- name: create_row_change
-- Rows of the file that change something; is_new: the row's first door was not known.
create temporary table row_change (row_number bigint not null, is_new boolean not null) on commit drop;

-- name: copy_stage_address
copy stage_address from stdin (format binary);

-- name: analyze_stage_address
-- Only what is joined by: sampling geometries is dear.
analyze stage_address (seq, row_key, unit_key, external_id);

-- name: reject_repeated_ids
-- Takes out the rows that bear an external id which an earlier row bears with other content.
with repeated as materialized (
  select external_id from stage_address where external_id <> '' and unit_index <= 1 group by external_id having count(*) > 1
), ranked as (
  select row_number, content_key, first_value(content_key) over (partition by external_id order by row_number) as first_content
  from stage_address join repeated using (external_id) where unit_index <= 1
)
delete from stage_address s using ranked r
where s.row_number = r.row_number and r.content_key <> r.first_content
returning s.line, s.unit_index;

-- name: number_repeated_doors
-- The second row for one place and unit becomes a door of its own, with a number behind its unit.
with repeated as materialized (
  select row_key, unit_key from stage_address group by row_key, unit_key having count(*) > 1
), ranked as (
  select seq, row_number() over (partition by row_key, unit_key order by external_id, seq) as n
  from stage_address join repeated using (row_key, unit_key)
)
update stage_address s set unit_key = s.unit_key || '#' || r.n
from ranked r
where r.seq = s.seq and r.n > 1
returning s.line, s.unit_index;

-- name: fill_stage_point
insert into stage_point select row_key, min(seq) from stage_address group by row_key;

-- name: analyze_stage_point
analyze stage_point;

-- name: dataset_exists
select exists (select from address_point where campaign_id = $1 and dataset = $2);

-- name: insert_all_doors
-- A data set that is new to the campaign: every row is. Ids follow the order of the file.
with made as (
  insert into address_point (campaign_id, dataset, row_key, external_id, house_number, street, street_key, number_key, city,
                             postal_code, position)
  select $1, $2, s.row_key, s.external_id, s.house_number, s.street, s.street_key, s.number_key, s.city, s.postal_code,
         s.position
  from stage_point p join stage_address s on s.seq = p.head_seq
  order by s.seq
  returning address_point_id, row_key
)
insert into door (campaign_id, address_point_id, unit, unit_key, floor, external_id)
select $1, made.address_point_id, s.unit, s.unit_key, s.floor, s.external_id
from stage_address s join made on made.row_key = s.row_key
order by s.seq;

-- name: fill_known_door
insert into known_door
select d.door_id, d.address_point_id, a.row_key, d.unit_key, d.external_id
from address_point a join door d on d.campaign_id = $1 and d.address_point_id = a.address_point_id
where a.campaign_id = $1 and a.dataset = $2;

-- name: analyze_known_door
analyze known_door;

-- name: match_doors_by_id
-- The n-th door of an external id is the n-th door that bore it before: units that were counted come as '1', '2', ...
insert into door_match
with known as (
  select door_id, external_id, row_number() over (partition by external_id order by length(unit_key), unit_key) as n
  from known_door where external_id <> ''
), staged as (
  select seq, external_id, row_number() over (partition by external_id order by seq) as n
  from stage_address where external_id <> ''
)
select seq, door_id from staged join known using (external_id, n);

-- name: match_doors_by_place
insert into door_match
select s.seq, k.door_id
from stage_address s join known_door k using (row_key, unit_key)
where not exists (select from door_match m where m.seq = s.seq)
  and not exists (select from door_match m where m.door_id = k.door_id);

-- name: analyze_door_match
analyze door_match;

-- name: match_points_by_key
insert into point_match
select p.row_key, a.address_point_id
from stage_point p join address_point a on a.campaign_id = $1 and a.dataset = $2 and a.row_key = p.row_key;

-- name: match_moved_points
-- A point whose head door is known by its id and stood where nothing stands any more: the point itself has moved.
insert into point_match
select distinct on (k.address_point_id) p.row_key, k.address_point_id
from stage_point p
join door_match m on m.seq = p.head_seq
join known_door k using (door_id)
where not exists (select from point_match x where x.row_key = p.row_key)
  and not exists (select from point_match x where x.address_point_id = k.address_point_id)
order by k.address_point_id, p.head_seq;

-- name: analyze_point_match
analyze point_match;

-- name: update_points
with changed as (
  update address_point a
  set row_key = s.row_key, external_id = s.external_id, house_number = s.house_number, street = s.street,
      street_key = s.street_key, number_key = s.number_key, city = s.city, postal_code = s.postal_code,
      position = s.position
  from point_match m join stage_point p using (row_key) join stage_address s on s.seq = p.head_seq
  where a.campaign_id = $1 and a.address_point_id = m.address_point_id
    and (a.row_key, a.external_id, a.house_number, a.street, a.street_key, a.number_key, a.city, a.postal_code,
         st_asbinary(a.position))
        is distinct from (s.row_key, s.external_id, s.house_number, s.street, s.street_key, s.number_key, s.city,
                          s.postal_code, st_asbinary(s.position))
  returning s.row_number
)
insert into row_change select row_number, false from changed;

-- name: insert_points
with made as (
  insert into address_point (campaign_id, dataset, row_key, external_id, house_number, street, street_key, number_key, city,
                             postal_code, position)
  select $1, $2, s.row_key, s.external_id, s.house_number, s.street, s.street_key, s.number_key, s.city, s.postal_code,
         s.position
  from stage_point p join stage_address s on s.seq = p.head_seq
  where not exists (select from point_match m where m.row_key = p.row_key)
  order by s.seq
  returning row_key, address_point_id
)
insert into point_match select row_key, address_point_id from made;

-- name: fill_door_change
insert into door_change
select d.door_id, s.seq, p.address_point_id, s.unit_key,
       (d.address_point_id, d.unit_key) is distinct from (p.address_point_id, s.unit_key)
from door_match m
join stage_address s using (seq)
join point_match p on p.row_key = s.row_key
join door d on d.campaign_id = $1 and d.door_id = m.door_id
where (d.address_point_id, d.unit_key, d.unit, d.floor::integer, d.external_id)
      is distinct from (p.address_point_id, s.unit_key, s.unit, s.floor, s.external_id);

-- name: park_doors
-- Places are unique at every moment: doors that move give up their place first, and so does one that the file does not name
-- any more where another comes in.
update door d set unit_key = d.unit_key || '#' || d.door_id
from (
  select door_id from door_change where moves
  union
  select held.door_id
  from (select address_point_id, unit_key from door_change where moves
        union all
        select p.address_point_id, s.unit_key
        from stage_address s join point_match p using (row_key)
        where not exists (select from door_match m where m.seq = s.seq)) wanted
  join door held on held.campaign_id = $1 and held.address_point_id = wanted.address_point_id
                and held.unit_key = wanted.unit_key
) parked
where d.campaign_id = $1 and d.door_id = parked.door_id;

-- name: update_doors
with changed as (
  update door d
  set address_point_id = c.address_point_id, unit_key = c.unit_key, unit = s.unit, floor = s.floor,
      external_id = s.external_id
  from door_change c join stage_address s using (seq)
  where d.campaign_id = $1 and d.door_id = c.door_id
  returning s.row_number
)
insert into row_change select row_number, false from changed;

-- name: insert_doors
with fresh as materialized (
  select s.seq, s.row_number, s.unit_index, p.address_point_id, s.unit, s.unit_key, s.floor, s.external_id
  from stage_address s join point_match p using (row_key)
  where not exists (select from door_match m where m.seq = s.seq)
), made as (
  insert into door (campaign_id, address_point_id, unit, unit_key, floor, external_id)
  select $1, address_point_id, unit, unit_key, floor, external_id from fresh order by seq
)
insert into row_change select row_number, unit_index <= 1 from fresh;

-- name: count_row_changes
-- Rows that are new, and rows that changed something else.
select count(*) filter (where is_new), count(*) filter (where not is_new)
from (select row_number, bool_or(is_new) as is_new from row_change group by row_number) r;

-- name: count_absent_doors
select count(*) from known_door k where not exists (select from door_match m where m.door_id = k.door_id);
