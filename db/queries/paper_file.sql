-- name: find_file_pages
-- Of the pages those whose packet was printed: the leader of its list, its script, whether it has rows; and the batch that has it.
select p.packet_id, p.page, w.leader_id, coalesce(k.script_id, 0),
  exists (select from packet_row r where r.campaign_id = $1 and r.packet_id = p.packet_id and r.page = p.page),
  coalesce(b.paper_batch_id, 0), b.close_time is null, coalesce(b.delivery, ''), b.member_id, b.walk_time,
  coalesce(b.second_entry, false), coalesce(g.state = 'missing', false)
from unnest($2::bigint[], $3::integer[]) as p(packet_id, page)
join packet k on k.campaign_id = $1 and k.packet_id = p.packet_id
join walk_list w on w.campaign_id = $1 and w.walk_list_id = k.walk_list_id
left join paper_page g on g.campaign_id = $1 and g.packet_id = p.packet_id and g.page = p.page
left join paper_batch b on b.campaign_id = $1 and b.paper_batch_id = g.paper_batch_id;

-- name: lock_open_batches
-- Closing waits for who holds them, and they for closing.
select b.paper_batch_id from paper_batch b
where b.campaign_id = $1 and b.paper_batch_id = any ($2::bigint[]) and b.close_time is null
order by b.paper_batch_id
for share;

-- name: put_file_pages
-- A page that was said to be missing is in. Those that were in no batch before.
insert into paper_page as g (campaign_id, packet_id, page, paper_batch_id, state, member_id, page_time)
select $1, p.packet_id, p.page, p.paper_batch_id, 'in', $5, $6
from unnest($2::bigint[], $3::integer[], $4::bigint[]) as p(packet_id, page, paper_batch_id)
order by p.packet_id, p.page
on conflict (campaign_id, packet_id, page) do update
  set state = excluded.state, reason = '', member_id = excluded.member_id, page_time = excluded.page_time
  where g.paper_batch_id = excluded.paper_batch_id and g.state = 'missing'
returning g.packet_id, g.page, g.xmax = 0;

-- name: lock_file_pages
select g.packet_id, g.page, g.paper_batch_id
from unnest($2::bigint[], $3::integer[]) as p(packet_id, page)
join paper_page g on g.campaign_id = $1 and g.packet_id = p.packet_id and g.page = p.page
where g.state = 'in'
order by g.packet_id, g.page
for no key update of g;

-- name: list_file_rows
-- The printed rows of the pages.
select r.packet_id, r.page, r.sequence, r.door_id, r.person_ids
from unnest($2::bigint[], $3::integer[]) as p(packet_id, page)
join packet_row r on r.campaign_id = $1 and r.packet_id = p.packet_id and r.page = p.page;

-- name: list_file_words
-- What the first entry says of the rows of the pages.
select e.packet_id, e.page, e.sequence, e.kind, e.marks, e.note, e.member_id, e.entry_time, e.source = 'file'
from unnest($2::bigint[], $3::integer[]) as p(packet_id, page)
join paper_entry_now e on e.campaign_id = $1 and e.packet_id = p.packet_id and e.page = p.page and e.round = 1;

-- name: list_people_who_stay
-- Those of the people who still live behind the door beside them.
select x.person_id
from unnest($2::bigint[], $3::bigint[]) as x(person_id, door_id)
join person p on p.campaign_id = $1 and p.person_id = x.person_id and p.door_id = x.door_id;

-- name: insert_file_entries
insert into paper_entry (campaign_id, packet_id, page, sequence, round, kind, marks, note, member_id, entry_time, source)
select $1, e.packet_id, e.page, e.sequence, 1, e.kind, e.marks, e.note, $8, $9, 'file'
from unnest($2::bigint[], $3::integer[], $4::integer[], $5::text[], $6::bytea[], $7::text[])
  as e(packet_id, page, sequence, kind, marks, note);

-- name: newest_delivery_batch
-- Of delivery $2 of member $5, of a walk that began at $3, walked by $4 or by each list's leader where it is 0: the newest, whether it
-- is open, how many pages it has; and how many there are.
select b.paper_batch_id, b.close_time is null,
  (select count(*) from paper_page g where g.campaign_id = $1 and g.paper_batch_id = b.paper_batch_id), count(*) over ()
from paper_batch b
where b.campaign_id = $1 and b.delivery = $2 and b.delivery <> '' and b.walk_time = $3 and coalesce(b.walker_id, 0) = $4
  and b.member_id = $5
order by b.paper_batch_id desc
limit 1;

-- name: campaign_time
-- A time on the clocks of the campaign.
select $2::text::timestamp at time zone c.time_zone from campaign c where c.campaign_id = $1;

-- name: list_template_rows
-- Of packet $2, after row $4 of page $3.
select r.page, r.sequence, a.house_number, a.street, d.unit, cardinality(r.person_ids)
from packet_row r
join door d on d.campaign_id = $1 and d.door_id = r.door_id
join address_point a on a.campaign_id = $1 and a.address_point_id = d.address_point_id
where r.campaign_id = $1 and r.packet_id = $2 and (r.page, r.sequence) > ($3, $4)
order by r.page, r.sequence
limit $5;
