-- name: find_list_to_print
-- The list with number $2, with what its cover says.
select w.walk_list_id, w.revoke_time is not null, w.leader_id, m.display_name, t.turf_id, t.number, t.walk_length_m,
  st_asewkb(t.area), st_asewkb(t.walk), c.name
from walk_list w
join turf t on t.campaign_id = $1 and t.turf_id = w.turf_id
join member m on m.campaign_id = $1 and m.member_id = w.leader_id
join campaign c on c.campaign_id = $1
where w.campaign_id = $1 and w.list_number = $2;

-- name: insert_packet
-- Nothing where the request has made one already.
insert into packet (campaign_id, request_id, walk_list_id, member_id, paper_size, large_type, page_count, door_count, script_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (campaign_id, request_id) do nothing
returning packet_id;

-- name: find_packet_of_request
select p.packet_id, w.list_number, t.number, p.paper_size, p.large_type, p.page_count, p.door_count, p.member_id, p.create_time
from packet p
join walk_list w on w.campaign_id = $1 and w.walk_list_id = p.walk_list_id
join turf t on t.campaign_id = $1 and t.turf_id = w.turf_id
where p.campaign_id = $1 and p.request_id = $2;

-- name: insert_packet_rows
-- A batch: one item a row in each array; the people of all rows one after the other, with how many each row has.
insert into packet_row (campaign_id, packet_id, page, sequence, door_id, person_ids)
select $1, $2, r.page, r.sequence, r.door_id,
  coalesce((select array_agg(p.person_id order by p.place) from unnest($7::bigint[]) with ordinality as p(person_id, place)
            where p.place > r.before and p.place <= r.before + r.people), '{}')
from (
  select n.page, n.sequence, n.door_id, n.people, sum(n.people) over (order by n.place) - n.people as before
  from unnest($3::integer[], $4::integer[], $5::bigint[], $6::integer[]) with ordinality
    as n(page, sequence, door_id, people, place)) r;

-- name: list_packet_rows
select page, sequence, door_id, person_ids from packet_row
where campaign_id = $1 and packet_id = $2
order by page, sequence;

-- name: list_packets
-- The newest first, below id $2 where it is not 0; of list $3 where it is not empty; of member $4 and everyone below where that is
-- not 0.
with recursive branch as (
  select m.member_id from member m where m.campaign_id = $1 and m.member_id = $4
  union all
  select m.member_id from branch b join member m on m.campaign_id = $1 and m.leader_id = b.member_id)
select p.packet_id, w.list_number, t.number, p.paper_size, p.large_type, p.page_count, p.door_count, p.member_id, p.create_time
from packet p
join walk_list w on w.campaign_id = $1 and w.walk_list_id = p.walk_list_id
join turf t on t.campaign_id = $1 and t.turf_id = w.turf_id
where p.campaign_id = $1 and ($2 = 0 or p.packet_id < $2) and ($3 = '' or w.list_number = $3)
  and ($4 = 0 or w.leader_id in (select b.member_id from branch b))
order by p.packet_id desc
limit $5;

-- name: streets_about
-- The lines of streets inside a box of degrees ($2 west, $3 south, $4 east, $5 north), cut off at it, at most $6.
select s.name, s.street_class, st_asewkb(d.geom)
from street s
cross join lateral st_dump(st_clipbybox2d(s.line_string, st_makeenvelope($2, $3, $4, $5, 4326)::box2d)) d
where s.campaign_id = $1 and s.line_string && st_makeenvelope($2, $3, $4, $5, 4326)
  and st_geometrytype(d.geom) = 'ST_LineString'
order by s.street_id
limit $6;

-- name: barriers_about
-- As streets_about: lines, and areas.
select st_geometrytype(d.geom) = 'ST_Polygon', st_asewkb(d.geom)
from barrier b
cross join lateral st_dump(st_clipbybox2d(b.shape, st_makeenvelope($2, $3, $4, $5, 4326)::box2d)) d
where b.campaign_id = $1 and b.shape && st_makeenvelope($2, $3, $4, $5, 4326)
  and st_geometrytype(d.geom) in ('ST_LineString', 'ST_Polygon')
order by b.barrier_id
limit $6;
