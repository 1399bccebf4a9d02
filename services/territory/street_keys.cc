#include "services/territory/street_keys.h"

#include "base/status.h"
#include "geo/streets/street_name.h"

namespace snowfield::territory {

const std::string& StreetKeys::Of(std::string_view street) {
  const auto found = keys_.find(base::ToAbsl(street));
  if (found != keys_.end()) return found->second;
  if (keys_.size() >= kNamesRememberedMax) keys_.clear();
  return keys_.emplace(std::string(street), geo::NormalizeStreetName(street)).first->second;
}

}  // namespace snowfield::territory
