-- Who ever had a list out, without reading all that the campaign's phones ever had: the intake asks it of each batch.
create index checkout_by_list on checkout (campaign_id, walk_list_id, phone_id);
