-- name: insert_cut_problems
-- A batch: one item a problem in each array; numbered from $3.
insert into cut_problem (campaign_id, cut_id, ordinal, reason, turf_number, door_id)
select $1, $2, $3::integer + p.place::integer - 1, p.reason, p.turf_number, nullif(p.door_id, 0)
from unnest($4::text[], $5::integer[], $6::bigint[]) with ordinality as p (reason, turf_number, door_id, place);

-- name: list_cut_problems
-- What cut $2 misses, above place $3: of one reason where $4 is not empty, of one turf where $5 is not 0. With the turf
-- as it is, and with the door where it is about one.
select p.ordinal, p.reason, p.turf_number, t.door_count, coalesce((t.metrics->>'minutes')::float8, 0), p.door_id,
       coalesce(d.sequence, 0), coalesce(nullif(o.external_id, ''), a.external_id, ''), coalesce(st_x(a.position), 0),
       coalesce(st_y(a.position), 0), coalesce(a.house_number, ''), coalesce(a.street, ''), coalesce(o.unit, '')
from cut_problem p
join turf t on t.campaign_id = p.campaign_id and t.cut_id = p.cut_id and t.number = p.turf_number
left join door o on o.campaign_id = p.campaign_id and o.door_id = p.door_id
left join address_point a on a.campaign_id = o.campaign_id and a.address_point_id = o.address_point_id
left join turf_door d on d.campaign_id = p.campaign_id and d.cut_id = p.cut_id and d.door_id = p.door_id
where p.campaign_id = $1 and p.cut_id = $2 and p.ordinal > $3 and ($4 = '' or p.reason = $4)
  and ($5 = 0 or p.turf_number = $5)
order by p.ordinal
limit $6;
