-- name: insert_paper_batch
-- Nothing where the request has opened one already.
insert into paper_batch (campaign_id, request_id, member_id, walker_id, walk_time, second_entry, open_time, delivery)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (campaign_id, request_id) do nothing
returning paper_batch_id;

-- name: find_paper_batch
-- By its id, or where that is 0 by its request.
select b.paper_batch_id, b.close_time is null, b.walk_time, b.walker_id, b.second_entry, b.member_id, b.open_time, b.close_time,
  b.close_reason, b.delivery
from paper_batch b
where b.campaign_id = $1 and (b.paper_batch_id = $2 or ($2 = 0 and b.request_id = $3));

-- name: lock_paper_batch
-- Keying goes on side by side; closing waits for it, and it for closing.
select b.paper_batch_id, b.close_time is null, b.walk_time, b.walker_id, b.second_entry, b.member_id, b.open_time, b.close_time,
  b.close_reason, b.delivery
from paper_batch b
where b.campaign_id = $1 and b.paper_batch_id = $2
for share;

-- name: lock_paper_batch_alone
select b.paper_batch_id, b.close_time is null, b.walk_time, b.walker_id, b.second_entry, b.member_id, b.open_time, b.close_time,
  b.close_reason, b.delivery
from paper_batch b
where b.campaign_id = $1 and b.paper_batch_id = $2
for no key update;

-- name: list_paper_batches
-- The newest first, below id $2 where it is not 0; open or closed, or both where $3 is empty; opened by member $4, or by
-- anybody where it is 0; by member $5 and everyone below where that is not 0.
with recursive branch as (
  select m.member_id from member m where m.campaign_id = $1 and m.member_id = $5
  union all
  select m.member_id from branch b join member m on m.campaign_id = $1 and m.leader_id = b.member_id)
select b.paper_batch_id, b.close_time is null, b.walk_time, b.walker_id, b.second_entry, b.member_id, b.open_time, b.close_time,
  b.close_reason, b.delivery
from paper_batch b
where b.campaign_id = $1 and ($2 = 0 or b.paper_batch_id < $2)
  and ($3 = '' or ($3 = 'open') = (b.close_time is null))
  and ($4 = 0 or b.member_id = $4) and ($5 = 0 or b.member_id in (select x.member_id from branch x))
order by b.paper_batch_id desc
limit $6;

-- name: find_paper_balance
-- Pages are expected of each packet of which the batch has one: its sheets, but for those that are in another batch.
with mine as (
  select packet_id, page, state from paper_page where campaign_id = $1 and paper_batch_id = $2),
rows as (
  select kind, second_id, differs from paper_row_now where campaign_id = $1 and paper_batch_id = $2)
select (select count(*) from mine where state = 'in'), (select count(*) from mine where state = 'missing'),
  (select count(*) from paper_page_open o where o.campaign_id = $1 and o.packet_id in (select packet_id from mine)),
  count(*), count(*) filter (where kind = 'marks'), count(*) filter (where kind = 'blank'),
  count(*) filter (where kind = 'unreadable'), count(*) filter (where kind is null),
  count(*) filter (where second_id is null), count(*) filter (where differs)
from rows;

-- name: list_paper_pages
-- Of the batch, and those that its packets still lack, at most $3.
with mine as (
  select packet_id, page, state, reason from paper_page where campaign_id = $1 and paper_batch_id = $2),
pages as (
  select packet_id, page, state, reason from mine
  union all
  select o.packet_id, o.page, '', ''
  from paper_page_open o
  where o.campaign_id = $1 and o.packet_id in (select packet_id from mine))
select p.packet_id, p.page, w.list_number, p.state, p.reason,
  (select count(*) from paper_row r where r.campaign_id = $1 and r.packet_id = p.packet_id and r.page = p.page),
  (select count(*) from paper_row_now r
   where r.campaign_id = $1 and r.packet_id = p.packet_id and r.page = p.page and r.kind is null),
  (select count(*) from paper_reading g
   join paper_row_now r on r.campaign_id = $1 and r.packet_id = g.packet_id and r.page = g.page and r.sequence = g.sequence
   where g.campaign_id = $1 and g.packet_id = p.packet_id and g.page = p.page and r.kind is null),
  k.page_count
from pages p
join packet k on k.campaign_id = $1 and k.packet_id = p.packet_id
join walk_list w on w.campaign_id = $1 and w.walk_list_id = k.walk_list_id
order by p.packet_id, p.page
limit $3;

-- name: find_packet_to_key
select w.list_number, w.leader_id, t.number, k.page_count, coalesce(k.script_id, 0)
from packet k
join walk_list w on w.campaign_id = $1 and w.walk_list_id = k.walk_list_id
join turf t on t.campaign_id = $1 and t.turf_id = w.turf_id
where k.campaign_id = $1 and k.packet_id = $2;

-- name: put_paper_page
-- In the batch with this state, where no other batch has it: the batch that has it now, and whether it was there before.
with was as (
  select paper_batch_id, state from paper_page where campaign_id = $1 and packet_id = $2 and page = $3),
put as (
  insert into paper_page as g (campaign_id, packet_id, page, paper_batch_id, state, reason, member_id, page_time)
  values ($1, $2, $3, $4, $5, $6, $7, $8)
  on conflict (campaign_id, packet_id, page) do update
    set state = excluded.state, reason = excluded.reason, member_id = excluded.member_id, page_time = excluded.page_time
    where g.paper_batch_id = excluded.paper_batch_id and (g.state, g.reason) <> (excluded.state, excluded.reason)
  returning g.paper_batch_id)
select coalesce((select paper_batch_id from put), (select paper_batch_id from was), 0),
  coalesce((select state from was), '');

-- name: lock_paper_page
-- One clerk at a time keys a page; the batch that has it, where it is in.
select paper_batch_id from paper_page
where campaign_id = $1 and packet_id = $2 and page = $3 and state = 'in'
for no key update;

-- name: list_paper_rows
-- Of a page, with the address; and what round $4 says of each, nothing where it has not been keyed; for the first round what a scan
-- has of it.
select r.sequence, r.door_id, a.house_number, a.street, d.unit, r.person_ids, e.kind, e.marks, e.note,
  e.member_id, e.entry_time, e.source, g.reading
from paper_row r
join door d on d.campaign_id = $1 and d.door_id = r.door_id
join address_point a on a.campaign_id = $1 and a.address_point_id = d.address_point_id
left join paper_entry_now e on e.campaign_id = $1 and e.packet_id = r.packet_id and e.page = r.page
  and e.sequence = r.sequence and e.round = $4
left join paper_reading g on g.campaign_id = $1 and g.packet_id = r.packet_id and g.page = r.page and g.sequence = r.sequence
  and $4 = 1
where r.campaign_id = $1 and r.packet_id = $2 and r.page = $3
order by r.sequence;

-- name: list_people_of_rows
-- Of these people those who still live behind one of these doors.
select p.person_id, p.first_name, p.last_name, p.birth_year, p.party
from person p
where p.campaign_id = $1 and p.person_id = any ($2::bigint[]) and p.door_id = any ($3::bigint[]);

-- name: count_paper_entries_of
-- Whether member $5 has keyed round $4 of this page.
select count(*) from paper_entry
where campaign_id = $1 and packet_id = $2 and page = $3 and round = $4 and member_id = $5 and not undone;

-- name: insert_paper_entry
insert into paper_entry (campaign_id, packet_id, page, sequence, round, kind, marks, note, member_id, entry_time, source)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
returning paper_entry_id;

-- name: finish_paper_page
-- The rows that round $4 has not keyed are blank, but for those that a scan has something of for a clerk to see.
insert into paper_entry (campaign_id, packet_id, page, sequence, round, kind, member_id, entry_time)
select $1, r.packet_id, r.page, r.sequence, $4, 'blank', $5, $6
from paper_row r
where r.campaign_id = $1 and r.packet_id = $2 and r.page = $3
  and not exists (
    select from paper_entry_now e
    where e.campaign_id = $1 and e.packet_id = r.packet_id and e.page = r.page and e.sequence = r.sequence and e.round = $4)
  and ($4 <> 1 or not exists (
    select from paper_reading g
    where g.campaign_id = $1 and g.packet_id = r.packet_id and g.page = r.page and g.sequence = r.sequence))
returning sequence;

-- name: undo_paper_entry
-- The last entry of member $3 in the batch.
update paper_entry e set undone = true
where e.campaign_id = $1 and e.paper_entry_id = (
  select max(l.paper_entry_id)
  from paper_entry l
  join paper_page g on g.campaign_id = $1 and g.packet_id = l.packet_id and g.page = l.page
  where l.campaign_id = $1 and g.paper_batch_id = $2 and l.member_id = $3 and not l.undone)
returning e.packet_id, e.page, e.sequence, e.round;

-- name: find_doors_written
-- Doors of the house number with key $2 whose street's key begins with $3; those of current lists first.
select d.door_id, a.house_number, a.street, d.unit, coalesce(w.list_number, ''), w.leader_id
from address_point a
join door d on d.campaign_id = $1 and d.address_point_id = a.address_point_id
left join lateral (
  select l.list_number, l.leader_id
  from turf_door td
  join walk_list l on l.campaign_id = $1 and l.turf_id = td.turf_id and l.revoke_time is null
  where td.campaign_id = $1 and td.door_id = d.door_id and td.live
  order by l.walk_list_id desc
  limit 1) w on true
where a.campaign_id = $1 and a.number_key = $2 and starts_with(a.street_key, $3)
order by w.list_number is null, a.street, d.unit, d.door_id
limit $4;

-- name: write_in_paper_row
-- With the next number above 1,000, for the newest current list that has the door, and that list's leader; the row that there is
-- where the page has it.
with made as (
  insert into paper_written_row (campaign_id, packet_id, page, sequence, door_id, walk_list_id)
  select $1, $2, $3,
    1 + greatest(1000, (select max(r.sequence) from paper_written_row r
                        where r.campaign_id = $1 and r.packet_id = $2 and r.page = $3)), $4, w.walk_list_id
  from turf_door td
  join walk_list w on w.campaign_id = $1 and w.turf_id = td.turf_id and w.revoke_time is null
  where td.campaign_id = $1 and td.door_id = $4 and td.live
  order by w.walk_list_id desc
  limit 1
  on conflict (campaign_id, packet_id, page, door_id) do nothing
  returning sequence, walk_list_id),
now as (
  select sequence, walk_list_id from made
  union all
  select r.sequence, r.walk_list_id from paper_written_row r
  where r.campaign_id = $1 and r.packet_id = $2 and r.page = $3 and r.door_id = $4)
select n.sequence, w.leader_id
from now n
join walk_list w on w.campaign_id = $1 and w.walk_list_id = n.walk_list_id;

-- name: list_paper_differences
-- Rows after ($3, $4, $5) of which the two entries differ.
select r.packet_id, r.page, r.sequence
from paper_row_now r
where r.campaign_id = $1 and r.paper_batch_id = $2 and r.differs and (r.packet_id, r.page, r.sequence) > ($3, $4, $5)
order by r.packet_id, r.page, r.sequence
limit $6;

-- name: list_paper_news
-- What each row of the batch says now, and the knock that it last became: rows that were never keyed and never a knock are left
-- out, and so are those that say what their knock says. Of one row where $3 is not 0. With the leader of its list.
select r.packet_id, r.page, r.sequence, r.door_id, w.list_number, w.leader_id, r.paper_entry_id, r.kind, r.marks, r.note,
  coalesce(k.script_id, 0), coalesce(p.revision, 0), p.knock_id, coalesce(p.stands, false)
from paper_row_now r
join packet k on k.campaign_id = $1 and k.packet_id = r.packet_id
join walk_list w on w.campaign_id = $1 and w.walk_list_id = r.walk_list_id
left join lateral (
  select l.revision, l.knock_id, l.paper_entry_id, n.result <> 0 as stands
  from paper_knock l
  join knock n on n.campaign_id = $1 and n.knock_id = l.knock_id
  where l.campaign_id = $1 and l.packet_id = r.packet_id and l.page = r.page and l.sequence = r.sequence
  order by l.revision desc limit 1) p on true
left join paper_entry was on was.campaign_id = $1 and was.paper_entry_id = p.paper_entry_id
where r.campaign_id = $1 and r.paper_batch_id = $2 and (coalesce(r.kind, '') = 'marks' or coalesce(p.stands, false))
  and (was.paper_entry_id is null or r.kind is null or (r.kind, r.marks, r.note) <> (was.kind, was.marks, was.note))
  and ($3 = 0 or (r.packet_id, r.page, r.sequence) = ($3, $4, $5))
order by r.packet_id, r.page, r.sequence;

-- name: insert_paper_knocks
insert into paper_knock (campaign_id, packet_id, page, sequence, revision, knock_id, paper_entry_id)
select $1, k.packet_id, k.page, k.sequence, k.revision, k.knock_id, nullif(k.paper_entry_id, 0)
from unnest($2::bigint[], $3::integer[], $4::integer[], $5::integer[], $6::uuid[], $7::bigint[])
  as k(packet_id, page, sequence, revision, knock_id, paper_entry_id);

-- name: count_paper_knocks
-- Rows of the batch that are knocks now.
select count(*)
from (
  select distinct on (l.packet_id, l.page, l.sequence) n.result
  from paper_page g
  join paper_knock l on l.campaign_id = $1 and l.packet_id = g.packet_id and l.page = g.page
  join knock n on n.campaign_id = $1 and n.knock_id = l.knock_id
  where g.campaign_id = $1 and g.paper_batch_id = $2
  order by l.packet_id, l.page, l.sequence, l.revision desc) now
where now.result <> 0;

-- name: close_paper_batch
update paper_batch set close_time = $3, closed_by = $4, close_reason = $5
where campaign_id = $1 and paper_batch_id = $2;

-- name: reopen_paper_batch
update paper_batch set close_time = null, closed_by = null, close_reason = ''
where campaign_id = $1 and paper_batch_id = $2;
