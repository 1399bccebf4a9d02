-- name: revoke_lists_of_cut
update walk_list w set revoke_time = now()
from turf t
where t.campaign_id = $1 and t.cut_id = $2
  and w.campaign_id = $1 and w.turf_id = t.turf_id and w.revoke_time is null
returning w.walk_list_id;

-- name: revoke_lists_of_others
-- The current lists of these turfs that are not this leader's.
update walk_list set revoke_time = now()
where campaign_id = $1 and turf_id = any ($2::bigint[]) and leader_id <> $3 and revoke_time is null
returning walk_list_id;

-- name: insert_walk_lists
-- A batch: one item a list in each array. A turf that has a current list keeps it; a number that is taken makes no list.
insert into walk_list (campaign_id, turf_id, leader_id, list_number, turf_version)
select $1, n.turf_id, n.leader_id, n.list_number, t.version
from unnest($2::bigint[], $3::bigint[], $4::text[]) as n (turf_id, leader_id, list_number)
join turf t on t.campaign_id = $1 and t.turf_id = n.turf_id
on conflict do nothing;

-- name: turfs_without_list
select t.turf_id from unnest($2::bigint[]) as t (turf_id)
where not exists (select from walk_list w
                  where w.campaign_id = $1 and w.turf_id = t.turf_id and w.revoke_time is null);

-- name: list_assignments
-- The current lists of a cut in order of turf number, above $4; of one leader where $3 is not null, and only of member $6
-- and of those below them where that is not null.
with recursive branch as (
  select m.member_id from member m where m.campaign_id = $1 and m.member_id = $6
  union all
  select m.member_id from branch b join member m on m.campaign_id = $1 and m.leader_id = b.member_id)
select w.walk_list_id, w.turf_id, t.number, w.leader_id, m.display_name, w.list_number, t.door_count, w.create_time,
       coalesce(r.number, 0)
from turf t
join walk_list w on w.campaign_id = t.campaign_id and w.turf_id = t.turf_id and w.revoke_time is null
join member m on m.campaign_id = w.campaign_id and m.member_id = w.leader_id
left join region r on r.campaign_id = t.campaign_id and r.region_id = t.region_id
where t.campaign_id = $1 and t.cut_id = $2 and t.number > $4 and ($3::bigint is null or w.leader_id = $3)
  and ($6::bigint is null or w.leader_id in (select b.member_id from branch b))
order by t.number
limit $5;

-- name: list_assignments_of_turfs
select w.walk_list_id, w.turf_id, t.number, w.leader_id, m.display_name, w.list_number, t.door_count, w.create_time,
       coalesce(r.number, 0)
from turf t
join walk_list w on w.campaign_id = t.campaign_id and w.turf_id = t.turf_id and w.revoke_time is null
join member m on m.campaign_id = w.campaign_id and m.member_id = w.leader_id
left join region r on r.campaign_id = t.campaign_id and r.region_id = t.region_id
where t.campaign_id = $1 and t.turf_id = any ($2::bigint[])
order by t.number;

-- name: read_leaders
-- Those of $2, or every member whose role is leader where it is empty, with what each holds of live turf; without those
-- who have left; only member $3 and those below them where that is not null. Their rows are held, so that nobody steps down
-- or leaves while turf is given to them.
with recursive branch as (
  select m.member_id from member m where m.campaign_id = $1 and m.member_id = $3
  union all
  select m.member_id from branch b join member m on m.campaign_id = $1 and m.leader_id = b.member_id)
select m.member_id, m.role, st_x(m.home), st_y(m.home),
       (select count(*) from walk_list w
        where w.campaign_id = m.campaign_id and w.leader_id = m.member_id and w.revoke_time is null)
from member m
where m.campaign_id = $1
  and (m.member_id = any ($2::bigint[]) or (cardinality($2::bigint[]) = 0 and m.role = 'leader'))
  and m.leave_time is null
  and ($3::bigint is null or m.member_id in (select b.member_id from branch b))
order by m.member_id
for share of m;

-- name: move_walk_lists
-- A batch: the current list of each turf of $2 goes on as the list of the turf at its place in $3. Which they were.
update walk_list w set turf_id = n.to_turf, turf_version = t.version
from unnest($2::bigint[], $3::bigint[]) as n (from_turf, to_turf)
join turf t on t.campaign_id = $1 and t.turf_id = n.to_turf
where w.campaign_id = $1 and w.turf_id = n.from_turf and w.revoke_time is null
returning w.walk_list_id;

-- name: list_phones_out
-- The phones that have these lists out, by list and member.
select c.walk_list_id, p.member_id, m.display_name, c.expire_time
from checkout c
join phone p on p.campaign_id = c.campaign_id and p.phone_id = c.phone_id
join member m on m.campaign_id = p.campaign_id and m.member_id = p.member_id
where c.campaign_id = $1 and c.walk_list_id = any ($2::bigint[]) and c.return_time is null and c.expire_time > now()
order by c.walk_list_id, p.member_id, c.checkout_id;

-- name: count_doors_done
-- How many doors of each of these lists have a result by it; a list without one has no row.
select walk_list_id, count(distinct door_id)
from standing_knock
where campaign_id = $1 and walk_list_id = any ($2::bigint[])
group by walk_list_id;

-- name: list_current_lists_of_cut
select w.walk_list_id, w.turf_id, w.leader_id
from walk_list w
join turf t on t.campaign_id = w.campaign_id and t.turf_id = w.turf_id
where w.campaign_id = $1 and t.cut_id = $2 and w.revoke_time is null
order by w.turf_id;
