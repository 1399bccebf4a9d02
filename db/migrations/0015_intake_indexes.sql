-- What the intake of knocks looks up, whatever the tables have grown to.

-- Whether a knock is corrected. Few are, so the index is small.
create index knock_by_corrected on knock (campaign_id, corrects_knock_id, door_id) where corrects_knock_id is not null;
-- A do-not-contact ends what is open for a person.
create index follow_up_open_by_person on follow_up (campaign_id, person_id) where state = 'open' and person_id is not null;
