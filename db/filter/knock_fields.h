// What a rule's filter may name: the door of a knock, a person whom it names, and what was before it. The columns are
// those of the view knock_fact.
// Thread safety: immutable.
#pragma once

#include <span>

#include "db/filter/filter.h"

namespace snowfield::db {

std::span<const FilterField> KnockFields();

}  // namespace snowfield::db
