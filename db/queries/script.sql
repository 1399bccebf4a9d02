-- name: install_default_script
-- A first conversation: support, what matters most, and the asks.
insert into script (campaign_id, name, body)
values ($1, 'First conversation', '{
  "name": "First conversation",
  "greeting": "Hello, I live nearby and volunteer with the campaign. Do you have two minutes?",
  "questions": [
    {"code": "support", "text": "Can we count on your support? 1 is a sure yes, 3 undecided, 5 a sure no.",
     "answers": ["1", "2", "3", "4", "5"]},
    {"code": "issue", "text": "Which question matters most to you and your family?", "answers": []}],
  "asks": ["ASK_KIND_VOLUNTEER", "ASK_KIND_HOST_MEETING", "ASK_KIND_YARD_SIGN", "ASK_KIND_SIGN_PETITION",
           "ASK_KIND_VOTE_PLAN"]}')
on conflict (campaign_id, name) do nothing;

-- name: current_script
-- The newest one.
select body from script where campaign_id = $1 order by create_time desc, script_id desc limit 1;
