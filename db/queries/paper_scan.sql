-- name: insert_printed_pages
insert into packet_sheet (campaign_id, packet_id, page, printed)
select $1, $2, s.page, s.printed from unnest($3::integer[], $4::bytea[]) as s(page, printed);

-- name: list_printed_pages
select page, printed from packet_sheet where campaign_id = $1 and packet_id = $2 order by page;

-- name: find_printed_page
select printed from packet_sheet where campaign_id = $1 and packet_id = $2 and page = $3;

-- name: drop_readings_of_page
delete from paper_reading where campaign_id = $1 and packet_id = $2 and page = $3;

-- name: insert_readings
insert into paper_reading (campaign_id, packet_id, page, sequence, reading, image)
select $1, $2, $3, r.sequence, r.reading, r.image
from unnest($4::integer[], $5::bytea[], $6::bytea[]) as r(sequence, reading, image);

-- name: find_reading_image
select image from paper_reading where campaign_id = $1 and packet_id = $2 and page = $3 and sequence = $4;

-- name: drop_readings_of_batch
delete from paper_reading r
using paper_page g
where g.campaign_id = $1 and g.paper_batch_id = $2
  and r.campaign_id = $1 and r.packet_id = g.packet_id and r.page = g.page;
