-- name: carry_aside
-- Doors that stay set aside in a new cut, each from the turf with this number. One item a door in each array.
insert into turf_door (campaign_id, cut_id, pass_id, live, turf_id, door_id, sequence, aside_turf_id, aside_reason)
select $1, $2, $3, false, null, a.door_id, 1, t.turf_id, a.reason
from unnest($4::bigint[], $5::integer[], $6::text[]) as a (door_id, number, reason)
join turf t on t.campaign_id = $1 and t.cut_id = $2 and t.number = a.number;

-- name: find_cut_to_edit
select pass_id, state, edit_count from cut where campaign_id = $1 and cut_id = $2;

-- name: find_edit_by_request
select cut_id, edit_number from turf_edit where campaign_id = $1 and request_id = $2;

-- name: count_edit
-- Takes the next number of the cut's edits and holds the cut's row. No row: another took it first.
update cut set edit_count = edit_count + 1 where campaign_id = $1 and cut_id = $2 and edit_count + 1 = $3
returning edit_count;

-- name: insert_edit
insert into turf_edit (campaign_id, cut_id, edit_number, kind, member_id, request_id, undoes_edit_number)
values ($1, $2, $3, $4, $5, $6, $7);

-- name: read_board_turfs
-- The turfs of the cut that an edit above $3 made or changed (-1: all of them), with those that have ended.
select t.turf_id, t.number, t.version, t.ended, t.walk_length_m, t.metrics, st_asewkb(t.area), st_asewkb(t.walk)
from turf t
where t.campaign_id = $1 and t.cut_id = $2 and t.edit_number > $3
order by t.number;

-- name: read_board_doors
-- The doors of the cut with their places, turf by turf in walking order; those set aside last.
select d.door_id, o.address_point_id, st_x(a.position), st_y(a.position), a.house_number, a.street, o.unit, o.floor,
       coalesce(t.number, 0)
from turf_door d
join door o on o.campaign_id = d.campaign_id and o.door_id = d.door_id
join address_point a on a.campaign_id = o.campaign_id and a.address_point_id = o.address_point_id
left join turf t on t.campaign_id = d.campaign_id and t.turf_id = d.turf_id
where d.campaign_id = $1 and d.cut_id = $2
order by t.number nulls last, d.sequence, d.door_id;

-- name: read_doors_of_turfs
-- In walking order, turf by turf.
select t.number, d.door_id
from turf t
join turf_door d on d.campaign_id = t.campaign_id and d.turf_id = t.turf_id
where t.campaign_id = $1 and t.turf_id = any ($2::bigint[])
order by t.number, d.sequence;

-- name: read_aside_doors
select d.door_id, t.number, d.aside_reason
from turf_door d
join turf t on t.campaign_id = d.campaign_id and t.turf_id = d.aside_turf_id
where d.campaign_id = $1 and d.cut_id = $2 and d.turf_id is null
order by d.door_id;

-- name: lock_edited_turfs
-- These turfs of the cut by number, held against publishing, assigning and other edits.
select number, turf_id, version from turf
where campaign_id = $1 and cut_id = $2 and number = any ($3::integer[])
order by turf_id
for no key update;

-- name: insert_edited_turfs
-- New turfs, each in the region of the turf $6 that most of its doors come from. One item a turf in each array.
insert into turf (campaign_id, cut_id, pass_id, region_id, number, edit_number, live, door_count, walk_length_m, area,
                  walk, metrics)
select $1, $2, $3, (select f.region_id from turf f where f.campaign_id = $1 and f.turf_id = n.from_turf_id), n.number,
       $4, $5, n.door_count, n.walk_length_m, st_multi(n.area::geometry), n.walk::geometry, n.metrics::jsonb
from unnest($6::bigint[], $7::integer[], $8::integer[], $9::double precision[], $10::bytea[], $11::bytea[],
            $12::text[])
  as n (from_turf_id, number, door_count, walk_length_m, area, walk, metrics)
returning number, turf_id;

-- name: keep_versions
-- What these turfs are, before edit $3 changes them.
insert into turf_version (campaign_id, turf_id, version, cut_id, edit_number, door_ids, walk_length_m, area, walk,
                          metrics)
select t.campaign_id, t.turf_id, t.version, t.cut_id, $3,
       array(select d.door_id from turf_door d
             where d.campaign_id = t.campaign_id and d.turf_id = t.turf_id order by d.sequence),
       t.walk_length_m, t.area, t.walk, t.metrics
from turf t
where t.campaign_id = $1 and t.turf_id = any ($2::bigint[]);

-- name: free_doors
-- Takes the doors of these turfs from their places, which put_doors gives anew.
delete from turf_door where campaign_id = $1 and turf_id = any ($2::bigint[]);

-- name: free_aside_doors
-- The same of doors that are set aside.
delete from turf_door where campaign_id = $1 and cut_id = $2 and door_id = any ($3::bigint[]) and turf_id is null;

-- name: change_turfs
-- The next version of each. One item a turf in each array.
update turf t
set version = t.version + 1, edit_number = $2, ended = false, live = $3, door_count = n.door_count,
    walk_length_m = n.walk_length_m, area = st_multi(n.area::geometry), walk = n.walk::geometry,
    metrics = n.metrics::jsonb
from unnest($4::bigint[], $5::integer[], $6::double precision[], $7::bytea[], $8::bytea[], $9::text[])
  as n (turf_id, door_count, walk_length_m, area, walk, metrics)
where t.campaign_id = $1 and t.turf_id = n.turf_id;

-- name: end_turfs
update turf set version = version + 1, edit_number = $2, ended = true, live = false
where campaign_id = $1 and turf_id = any ($3::bigint[]);

-- name: put_doors
-- One item a door in each array.
insert into turf_door (campaign_id, cut_id, pass_id, live, turf_id, door_id, sequence)
select $1, $2, $3, $4, t.turf_id, t.door_id, t.sequence
from unnest($5::bigint[], $6::bigint[], $7::integer[]) as t (turf_id, door_id, sequence);

-- name: put_aside
-- One item a door in each array.
insert into turf_door (campaign_id, cut_id, pass_id, live, turf_id, door_id, sequence, aside_turf_id, aside_reason)
select $1, $2, $3, false, null, a.door_id, 1, a.turf_id, a.reason
from unnest($4::bigint[], $5::bigint[], $6::text[]) as a (door_id, turf_id, reason);

-- name: insert_moves
-- One item a door in each array; turf 0: set aside.
insert into turf_edit_move (campaign_id, cut_id, edit_number, door_id, from_turf_id, to_turf_id, aside_turf_id,
                            aside_reason)
select $1, $2, $3, m.door_id, nullif(m.from_turf_id, 0), nullif(m.to_turf_id, 0), nullif(m.aside_turf_id, 0),
       nullif(m.aside_reason, '')
from unnest($4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[])
  as m (door_id, from_turf_id, to_turf_id, aside_turf_id, aside_reason);

-- name: end_lists_of_turfs
-- The current lists of these turfs end.
update walk_list set revoke_time = now()
where campaign_id = $1 and turf_id = any ($2::bigint[]) and revoke_time is null
returning walk_list_id, turf_id, leader_id;

-- name: insert_replacing_lists
-- A batch: one item a list in each array. A number that is taken makes no list.
insert into walk_list (campaign_id, turf_id, leader_id, list_number, turf_version, replaces_walk_list_id)
select $1, n.turf_id, n.leader_id, n.list_number, t.version, n.replaces
from unnest($2::bigint[], $3::bigint[], $4::text[], $5::bigint[]) as n (turf_id, leader_id, list_number, replaces)
join turf t on t.campaign_id = $1 and t.turf_id = n.turf_id
on conflict do nothing;

-- name: list_replaced_lists
-- What became of the lists that edit $3 ended (both by the clock of its transaction): of which turf, who held it, and the
-- numbers then and now.
select t.number, o.leader_id, o.list_number, coalesce(n.list_number, '')
from turf_edit e
join turf_version v on v.campaign_id = e.campaign_id and v.cut_id = e.cut_id and v.edit_number = e.edit_number
join turf t on t.campaign_id = v.campaign_id and t.turf_id = v.turf_id
join walk_list o on o.campaign_id = v.campaign_id and o.turf_id = v.turf_id and o.revoke_time = e.create_time
left join walk_list n on n.campaign_id = o.campaign_id and n.replaces_walk_list_id = o.walk_list_id
where e.campaign_id = $1 and e.cut_id = $2 and e.edit_number = $3
order by t.number, o.walk_list_id;

-- name: list_lists_out
-- The current lists of these turfs of the cut, and the phones that have each out.
select t.number, w.leader_id, w.list_number,
       (select count(*) from checkout c
        where c.campaign_id = w.campaign_id and c.walk_list_id = w.walk_list_id and c.return_time is null
          and c.expire_time > now())
from turf t
join walk_list w on w.campaign_id = t.campaign_id and w.turf_id = t.turf_id and w.revoke_time is null
where t.campaign_id = $1 and t.cut_id = $2 and t.number = any ($3::integer[])
order by t.number;

-- name: list_edits
-- The newest first, below the number $3 where it is not 0.
select e.edit_number, e.kind, e.member_id, m.display_name, e.create_time, e.undoes_edit_number, u.edit_number,
       (select count(*) from turf_edit_move d
        where d.campaign_id = e.campaign_id and d.cut_id = e.cut_id and d.edit_number = e.edit_number),
       array(select t.number
             from (select v.turf_id from turf_version v
                   where v.campaign_id = e.campaign_id and v.cut_id = e.cut_id and v.edit_number = e.edit_number
                   union
                   select d.to_turf_id from turf_edit_move d
                   where d.campaign_id = e.campaign_id and d.cut_id = e.cut_id and d.edit_number = e.edit_number)
               as touched
             join turf t on t.campaign_id = e.campaign_id and t.turf_id = touched.turf_id
             order by t.number)
from turf_edit e
join member m on m.campaign_id = e.campaign_id and m.member_id = e.member_id
left join turf_edit u on u.campaign_id = e.campaign_id and u.cut_id = e.cut_id and u.undoes_edit_number = e.edit_number
where e.campaign_id = $1 and e.cut_id = $2 and ($3 = 0 or e.edit_number < $3)
order by e.edit_number desc
limit $4;

-- name: list_moves
-- The doors that edit $3 moved, above $4, by door. Turf 0: set aside.
select d.door_id, coalesce(f.number, 0), coalesce(t.number, 0)
from turf_edit_move d
left join turf f on f.campaign_id = d.campaign_id and f.turf_id = d.from_turf_id
left join turf t on t.campaign_id = d.campaign_id and t.turf_id = d.to_turf_id
where d.campaign_id = $1 and d.cut_id = $2 and d.edit_number = $3 and d.door_id > $4
order by d.door_id
limit $5;

-- name: find_edit_to_undo
-- The edit $3, and the one that undid it.
select e.kind, u.edit_number
from turf_edit e
left join turf_edit u on u.campaign_id = e.campaign_id and u.cut_id = e.cut_id and u.undoes_edit_number = e.edit_number
where e.campaign_id = $1 and e.cut_id = $2 and e.edit_number = $3;

-- name: read_versions_before
-- The turfs as they were before edit $3, and whether no other edit has changed them since; new ones without doors.
with touched as (
  select v.turf_id from turf_version v where v.campaign_id = $1 and v.cut_id = $2 and v.edit_number = $3
  union
  select d.to_turf_id from turf_edit_move d where d.campaign_id = $1 and d.cut_id = $2 and d.edit_number = $3)
select t.number, t.edit_number = $3, coalesce(v.door_ids, '{}'), coalesce(v.metrics, '{}'), st_asewkb(v.area),
       st_asewkb(v.walk)
from touched
join turf t on t.campaign_id = $1 and t.turf_id = touched.turf_id
left join turf_version v
  on v.campaign_id = $1 and v.cut_id = $2 and v.edit_number = $3 and v.turf_id = t.turf_id
order by t.number;

-- name: read_aside_before
-- The doors that edit $3 took back from those set aside, and what was said of them.
select d.door_id, t.number, d.aside_reason
from turf_edit_move d
join turf t on t.campaign_id = d.campaign_id and t.turf_id = d.aside_turf_id
where d.campaign_id = $1 and d.cut_id = $2 and d.edit_number = $3 and d.from_turf_id is null
order by d.door_id;
