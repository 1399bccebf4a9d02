-- Answers to invitations that are given at a door: the ask names the meeting, the guest the knock that the answer is of.

alter table knock_ask add column meeting_id bigint;
alter table knock_ask add constraint knock_ask_meeting_fk
  foreign key (campaign_id, meeting_id) references meeting (campaign_id, meeting_id);
-- 7: come to a meeting.
alter table knock_ask add constraint knock_ask_meeting_ck check ((ask = 7) = (meeting_id is not null));
-- Of all that was said of one invitation, the latest counts.
create index knock_ask_by_meeting on knock_ask (campaign_id, meeting_id, person_id) where meeting_id is not null;

-- Null where the answer was not given at a door.
alter table meeting_guest add column knock_id uuid;
alter table meeting_guest add constraint meeting_guest_knock_fk
  foreign key (campaign_id, knock_id) references knock (campaign_id, knock_id);
create index meeting_guest_by_person on meeting_guest (campaign_id, person_id) where person_id is not null;
-- Who leaves, and who is to be left alone, is no guest of what is still to come.
grant delete on meeting_guest to snowfield_app;
