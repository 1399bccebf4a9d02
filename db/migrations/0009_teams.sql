-- Teams that change hands: members who leave, places that are exchanged, one top.

alter table member add column leave_time timestamptz;
-- One who has left stands at depth -1, where nobody can follow: a leader's depth is at least 0, and the foreign key says
-- that it is the leader's. So nobody can be left behind, nor join one who has left, whatever runs at once.
alter table member drop constraint member_place_ck;
alter table member add constraint member_place_ck check (
  case
    when leave_time is not null then leader_id is null and leader_depth is null and slot is null and depth = -1
    when leader_id is null then leader_depth is null and slot is null and depth = 0
    else leader_depth is not null and leader_depth >= 0 and slot is not null and depth = leader_depth + 1
  end);
alter table member drop constraint member_depth_ck;
alter table member add constraint member_depth_ck check (depth between -1 and 32);
-- One tree, not several.
create unique index member_top_uk on member (campaign_id) where leader_id is null and leave_time is null;

-- Checked at the end of a statement, so that two members can exchange their places in one.
alter table member drop constraint member_slot_uk;
alter table member add constraint member_slot_uk unique (campaign_id, leader_id, slot) deferrable initially immediate;
