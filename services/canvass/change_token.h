// ChangeToken: how far a phone has read the changes. Opaque to clients and versioned.
//
// A token from a download speaks for that list alone: a phone that took out two lists one after the other would else
// skip what happened on the first in between. A token from the start speaks for all lists that the phone has out.
// Thread safety: pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "base/ids.h"

namespace snowfield::canvass {

struct ChangeToken {
  base::CampaignId campaign = {};
  base::WalkListId only_list = {};  // none: all lists that the phone has out
  int64_t after = 0;                // the last change that was read
};

std::string WriteChangeToken(const ChangeToken& token);

// INVALID_ARGUMENT, reason CHANGE_TOKEN_INVALID, field "change_token", for a text that is no token, or one of another
// campaign.
absl::StatusOr<ChangeToken> ReadChangeToken(std::string_view text, base::CampaignId campaign);

}  // namespace snowfield::canvass
