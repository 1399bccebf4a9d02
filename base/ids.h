// Ids: each kind of row has its own type, so that a turf can't be passed where a door is meant.
//
// Rows that the server makes have 64-bit ids from the database, positive, unique in their campaign. Rows that a client
// names (knocks, requests) have a base::Uuid (base/uuid.h). A zero Id is "none".
// Thread safety: plain values.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>

namespace snowfield::base {

template <typename Tag>
struct Id {
  int64_t value = 0;

  constexpr Id() = default;
  constexpr explicit Id(int64_t id) : value(id) {}
  constexpr explicit operator bool() const { return value != 0; }
  friend constexpr auto operator<=>(const Id&, const Id&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const Id& id) {
    return H::combine(std::move(state), id.value);
  }
};

using CampaignId = Id<struct CampaignTag>;
using ImportId = Id<struct ImportTag>;
using AddressPointId = Id<struct AddressPointTag>;
using DoorId = Id<struct DoorTag>;
using PersonId = Id<struct PersonTag>;
using StreetId = Id<struct StreetTag>;
using BarrierId = Id<struct BarrierTag>;
using BoundaryId = Id<struct BoundaryTag>;
using UniverseId = Id<struct UniverseTag>;
using PassId = Id<struct PassTag>;
using CutId = Id<struct CutTag>;
using TurfId = Id<struct TurfTag>;
using RegionId = Id<struct RegionTag>;
using WalkListId = Id<struct WalkListTag>;
using MeetingId = Id<struct MeetingTag>;
using CheckoutId = Id<struct CheckoutTag>;
using MemberId = Id<struct MemberTag>;
using PhoneId = Id<struct PhoneTag>;
using TokenId = Id<struct TokenTag>;
using ScriptId = Id<struct ScriptTag>;
using RuleId = Id<struct RuleTag>;
using FollowUpId = Id<struct FollowUpTag>;

}  // namespace snowfield::base

template <typename Tag>
struct std::hash<snowfield::base::Id<Tag>> {
  size_t operator()(const snowfield::base::Id<Tag>& id) const noexcept { return std::hash<int64_t>{}(id.value); }
};
