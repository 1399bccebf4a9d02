// What OpenStreetMap's tags mean to a canvass. The keys and values are those of wiki.openstreetmap.org as of 2024.
// Thread safety: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <osmium/osm/tag.hpp>
#include <string>

#include "services/cli/files/row_sink.h"

namespace snowfield::cli {

// The address that the tags state (addr:housenumber with addr:street or addr:place), without position; nothing when
// they state none. unit_count comes from addr:flats ("1-12;14") or building:flats ("12").
std::optional<AddressRow> AddressOfTags(const osmium::TagList& tags);

// Number of flats in a list of numbers and ranges: "1-12;14" is 13. 0 when it can't be read as such.
uint32_t CountFlats(const char* text);

// The street that the tags of a way state, without line; nothing when it is no street (proposed, platform, area ...).
// foot=yes, designated or permissive and sidewalks make it walkable, foot=no or private and access=no don't;
// access=private alone says who owns a driveway, not that a visitor may not walk up, and leaves it to the class.
std::optional<StreetRow> StreetOfTags(const osmium::TagList& tags);

// The kind of barrier that a line with these tags is: rail in use above ground, rivers, canals and streams above
// ground, motorways and trunk roads without sidewalk. UNSPECIFIED when it is none.
BarrierKind LineBarrierOfTags(const osmium::TagList& tags);
// True when an area with these tags is water.
bool IsWaterArea(const osmium::TagList& tags);

// The boundary that the tags state (boundary=administrative or political, with a name), without area. kind is
// "admin_level_8" or "political"; code is ref, or empty.
std::optional<BoundaryRow> BoundaryOfTags(const osmium::TagList& tags);

}  // namespace snowfield::cli
