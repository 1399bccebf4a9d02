-- Files of data-entry vendors, and sheets read from images of a scanner.

-- Of a vendor's file: the name of what was sent. Batches of one delivery take the pages that come with it.
alter table paper_batch add column delivery text not null default '';
alter table paper_batch add constraint paper_batch_delivery_ck check (length(delivery) <= 100);
create index paper_batch_by_delivery on paper_batch (campaign_id, delivery, paper_batch_id) where delivery <> '';

-- keyed, file, scan: how the words came in. What a scan says was seen by nobody.
alter table paper_entry add column source text not null default 'keyed';
alter table paper_entry add constraint paper_entry_source_ck check (source in ('keyed', 'file', 'scan'));

-- As it was, with the source.
create or replace view paper_entry_now with (security_invoker = true) as
select e.* from paper_entry e
where not e.undone and not exists (
  select from paper_entry n
  where n.campaign_id = e.campaign_id and n.packet_id = e.packet_id and n.page = e.page and n.sequence = e.sequence
    and n.round = e.round and not n.undone and n.paper_entry_id > e.paper_entry_id);

-- Where the bubbles of a printed sheet stand, so that it can be read from a scan whatever its list has become since. None for
-- packets that were printed before this was kept: their sheets are keyed.
create table packet_sheet (
  campaign_id bigint not null,
  packet_id bigint not null,
  page integer not null,
  -- The wire form of snowfield.paper.v1.PrintedSheet.
  printed bytea not null
);
alter table packet_sheet add constraint packet_sheet_pk primary key (campaign_id, packet_id, page);
alter table packet_sheet add constraint packet_sheet_packet_fk
  foreign key (campaign_id, packet_id) references packet (campaign_id, packet_id);

-- Rows of scanned pages that wait for a clerk: what was read of them, and the part of the image. Gone when the batch is closed.
create table paper_reading (
  campaign_id bigint not null,
  packet_id bigint not null,
  page integer not null,
  sequence integer not null,
  -- The wire form of snowfield.paper.v1.RowReading.
  reading bytea not null,
  -- PNG; it shows names and handwriting.
  image bytea not null
);
alter table paper_reading add constraint paper_reading_pk primary key (campaign_id, packet_id, page, sequence);
alter table paper_reading add constraint paper_reading_page_fk
  foreign key (campaign_id, packet_id, page) references paper_page (campaign_id, packet_id, page);
alter table paper_reading add constraint paper_reading_image_ck check (length(image) <= 1000000);

-- As it was, and what was read of a scan of them goes whole, with its image.
create or replace function erase_paper_words(erased_person bigint) returns void
  language sql security definer set search_path = public, pg_temp
  as $$
    update paper_entry e
    set kind = 'unreadable', marks = '', note = '',
        undone = e.undone or not exists (
          select from paper_knock k where k.campaign_id = current_campaign() and k.paper_entry_id = e.paper_entry_id)
    from paper_row r
    where r.campaign_id = current_campaign() and erased_person = any (r.person_ids)
      and e.campaign_id = current_campaign() and e.packet_id = r.packet_id and e.page = r.page and e.sequence = r.sequence;
    delete from paper_reading g
    using paper_row r
    where r.campaign_id = current_campaign() and erased_person = any (r.person_ids)
      and g.campaign_id = current_campaign() and g.packet_id = r.packet_id and g.page = r.page and g.sequence = r.sequence;
  $$;

do $$
declare
  t text;
begin
  foreach t in array array['packet_sheet', 'paper_reading'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy campaign_scope on %I using (campaign_id = current_campaign()) '
                   'with check (campaign_id = current_campaign())', t);
  end loop;
end
$$;
grant select, insert on packet_sheet to snowfield_app;
grant select, insert, delete on paper_reading to snowfield_app;
