#include "geo/streets/street_class.h"

#include <array>
#include <utility>

namespace snowfield::geo {
namespace {

using enum StreetClass;

constexpr std::array<std::pair<StreetClass, std::string_view>, 11> kNames = {{{kUnknown, "unknown"},
                                                                              {kResidential, "residential"},
                                                                              {kArterial, "arterial"},
                                                                              {kMotorway, "motorway"},
                                                                              {kRamp, "ramp"},
                                                                              {kService, "service"},
                                                                              {kAlley, "alley"},
                                                                              {kWalkway, "walkway"},
                                                                              {kTrack, "track"},
                                                                              {kPrivate, "private"},
                                                                              {kClosed, "closed"}}};

// TIGER/Line 2018 technical documentation, appendix E.
constexpr std::array<std::pair<std::string_view, StreetClass>, 16> kMtfcc = {{{"S1100", kMotorway},
                                                                              {"S1200", kArterial},
                                                                              {"S1400", kResidential},
                                                                              {"S1500", kTrack},
                                                                              {"S1630", kRamp},
                                                                              {"S1640", kService},
                                                                              {"S1710", kWalkway},
                                                                              {"S1720", kWalkway},
                                                                              {"S1730", kAlley},
                                                                              {"S1740", kPrivate},
                                                                              {"S1750", kClosed},
                                                                              {"S1780", kService},
                                                                              {"S1820", kWalkway},
                                                                              {"S1830", kWalkway},
                                                                              {"S2000", kClosed},
                                                                              {"S3022", kClosed}}};

// wiki.openstreetmap.org/wiki/Key:highway
constexpr std::array<std::pair<std::string_view, StreetClass>, 30> kHighway = {{{"motorway", kMotorway},
                                                                                {"motorway_link", kRamp},
                                                                                {"trunk", kArterial},
                                                                                {"trunk_link", kArterial},
                                                                                {"primary", kArterial},
                                                                                {"primary_link", kArterial},
                                                                                {"secondary", kArterial},
                                                                                {"secondary_link", kArterial},
                                                                                {"tertiary", kResidential},
                                                                                {"tertiary_link", kResidential},
                                                                                {"unclassified", kResidential},
                                                                                {"residential", kResidential},
                                                                                {"living_street", kResidential},
                                                                                {"road", kResidential},
                                                                                {"service", kService},
                                                                                {"services", kService},
                                                                                {"rest_area", kService},
                                                                                {"alley", kAlley},
                                                                                {"pedestrian", kWalkway},
                                                                                {"footway", kWalkway},
                                                                                {"path", kWalkway},
                                                                                {"steps", kWalkway},
                                                                                {"cycleway", kWalkway},
                                                                                {"bridleway", kWalkway},
                                                                                {"corridor", kWalkway},
                                                                                {"platform", kWalkway},
                                                                                {"track", kTrack},
                                                                                {"construction", kClosed},
                                                                                {"proposed", kClosed},
                                                                                {"raceway", kClosed}}};

template <typename Table>
StreetClass Find(const Table& table, std::string_view key, StreetClass otherwise) {
  for (const auto& [name, value] : table) {
    if (name == key) return value;
  }
  return otherwise;
}

}  // namespace

bool IsWalkable(StreetClass street_class) { return !IsBarrier(street_class) && street_class != kClosed; }

bool IsBarrier(StreetClass street_class) { return street_class == kMotorway || street_class == kRamp; }

bool CarriesAddresses(StreetClass street_class) {
  return street_class == kUnknown || street_class == kResidential || street_class == kArterial ||
         street_class == kPrivate;
}

double CrossingCostM(StreetClass street_class) {
  switch (street_class) {
    case kArterial:
      return 30;
    case kUnknown:
    case kResidential:
      return 12;
    case kPrivate:
    case kService:
    case kTrack:
    case kAlley:
      return 5;
    default:
      return 0;
  }
}

double MidBlockCrossingCostM(StreetClass street_class) {
  switch (street_class) {
    case kArterial:
      return 60;  // to the next light and back, or a wait
    case kUnknown:
    case kResidential:
      return 14;
    default:
      return CrossingCostM(street_class);
  }
}

std::string_view StreetClassName(StreetClass street_class) {
  for (const auto& [value, name] : kNames) {
    if (value == street_class) return name;
  }
  return "unknown";
}

StreetClass StreetClassNamed(std::string_view name) {
  for (const auto& [value, text] : kNames) {
    if (text == name) return value;
  }
  return kUnknown;
}

StreetClass FromMtfcc(std::string_view mtfcc) { return Find(kMtfcc, mtfcc, kUnknown); }

StreetClass FromOsmHighway(std::string_view highway, std::string_view foot, std::string_view access) {
  const StreetClass by_highway = Find(kHighway, highway, kClosed);
  if (by_highway == kMotorway || by_highway == kRamp || by_highway == kClosed) return by_highway;
  const bool foot_allowed = foot == "yes" || foot == "designated" || foot == "permissive" || foot == "destination";
  const bool foot_refused = foot == "no" || foot == "private" || foot == "use_sidepath";
  // A trunk road that walkers are kept off is as good as a motorway.
  if (foot_refused && highway.starts_with("trunk")) return kMotorway;
  if (foot_refused) return kClosed;
  if (access == "no" && !foot_allowed) return kClosed;
  if (access == "private" && !foot_allowed) return kPrivate;
  return by_highway;
}

}  // namespace snowfield::geo
