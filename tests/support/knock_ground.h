// KnockGround: a campaign with many walk lists and phones, written straight into a migrated database.
//
// Lists of 45 doors on a grid of streets, two people behind each door, one leader for every eight lists, one phone for
// each list, which has all lists of its team out. What phones say is seeded and has plausible shares.
// Thread safety: after it is made, from any thread.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/ids.h"
#include "db/pg/pool.h"
#include "snowfield/canvass/v1/canvass.pb.h"

namespace snowfield::tests {

inline constexpr int kDoorsPerList = 45;

struct GroundList {
  std::string number;
  base::WalkListId walk_list;
  std::vector<int64_t> doors;
  std::vector<int64_t> people;  // of door i: 2i and 2i + 1
  base::MemberId leader;
};

struct GroundPhone {
  base::PhoneId phone;
  base::MemberId member;
  std::string token;
};

class KnockGround {
 public:
  // `list_count` lists, and as many phones. Ends the program where the database refuses.
  KnockGround(const std::string& superuser_connection_string, int list_count);

  const std::vector<GroundList>& lists() const { return lists_; }
  // Phone i is of the team that has list i.
  const std::vector<GroundPhone>& phones() const { return phones_; }
  base::CampaignId campaign() const { return campaign_; }

 private:
  void Execute(const std::string& sql);
  void MakeCampaign();
  void MakeDoors(int list_count);
  void MakeTeams(int list_count);
  void MakeLists(int list_count);

  const std::string connection_string_;
  std::unique_ptr<db::Pool> pool_;
  base::CampaignId campaign_;
  std::vector<GroundList> lists_;
  std::vector<GroundPhone> phones_;
};

// A knock at door `door` of the list: 62 % not home; 25 % a conversation with an answer and an ask, of which one in
// five gives a follow-up; 5 % come back, which gives one too; 2 in 1,000 a do-not-contact.
canvass::v1::Knock MakeKnock(const GroundList& list, int door, std::mt19937_64& random);

}  // namespace snowfield::tests
