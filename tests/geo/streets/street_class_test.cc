#include "geo/streets/street_class.h"

#include <gtest/gtest.h>

namespace snowfield::geo {
namespace {

TEST(StreetClass, MapsMtfccCodes) {
  EXPECT_EQ(FromMtfcc("S1400"), StreetClass::kResidential);
  EXPECT_EQ(FromMtfcc("S1200"), StreetClass::kArterial);
  EXPECT_EQ(FromMtfcc("S1100"), StreetClass::kMotorway);
  EXPECT_EQ(FromMtfcc("S1630"), StreetClass::kRamp);
  EXPECT_EQ(FromMtfcc("S1740"), StreetClass::kPrivate);
  EXPECT_EQ(FromMtfcc("Z9"), StreetClass::kUnknown);
}

TEST(StreetClass, MapsOsmTags) {
  EXPECT_EQ(FromOsmHighway("residential"), StreetClass::kResidential);
  EXPECT_EQ(FromOsmHighway("motorway_link"), StreetClass::kRamp);
  EXPECT_EQ(FromOsmHighway("trunk", "no"), StreetClass::kMotorway);
  EXPECT_EQ(FromOsmHighway("footway", "", "private"), StreetClass::kPrivate);
  EXPECT_EQ(FromOsmHighway("service", "yes", "private"), StreetClass::kService);
  EXPECT_EQ(FromOsmHighway("path", "no"), StreetClass::kClosed);
  EXPECT_EQ(FromOsmHighway("bus_stop"), StreetClass::kClosed);
}

TEST(StreetClass, WalkersKeepOffMotorways) {
  EXPECT_FALSE(IsWalkable(StreetClass::kMotorway));
  EXPECT_TRUE(IsBarrier(StreetClass::kRamp));
  EXPECT_TRUE(IsWalkable(StreetClass::kArterial));
  EXPECT_FALSE(IsBarrier(StreetClass::kClosed));
  EXPECT_GT(CrossingCostM(StreetClass::kArterial), CrossingCostM(StreetClass::kResidential));
}

TEST(StreetClass, NamesGoThereAndBack) {
  for (int i = 0; i <= static_cast<int>(StreetClass::kClosed); ++i) {
    const auto street_class = static_cast<StreetClass>(i);
    EXPECT_EQ(StreetClassNamed(StreetClassName(street_class)), street_class);
  }
}

}  // namespace
}  // namespace snowfield::geo
