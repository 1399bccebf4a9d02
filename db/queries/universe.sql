-- name: find_universe
select universe_id, name, boundary_ids, with_people_only, parties, filter
from universe where campaign_id = $1 and universe_id = $2;

-- name: find_universe_of_request
select universe_id, name, boundary_ids, with_people_only, parties, filter
from universe where campaign_id = $1 and request_id = $2;

-- name: insert_universe
-- Nothing where the request has made one already.
insert into universe (campaign_id, name, boundary_ids, with_people_only, parties, filter, request_id)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (campaign_id, request_id) do nothing
returning universe_id;

-- name: list_universes
select universe_id, name, boundary_ids, with_people_only, parties, filter
from universe where campaign_id = $1 and universe_id > $2
order by universe_id
limit $3;

-- name: find_missing_boundary
select wanted.boundary_id
from unnest($2::bigint[]) as wanted (boundary_id)
where not exists (select from boundary b where b.campaign_id = $1 and b.boundary_id = wanted.boundary_id)
limit 1;
