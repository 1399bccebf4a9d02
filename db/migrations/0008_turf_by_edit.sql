-- What edits above a number changed is found without looking at every turf of the cut.

create index turf_by_edit on turf (campaign_id, cut_id, edit_number);
