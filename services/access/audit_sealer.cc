#include "services/access/audit_sealer.h"

#include <utility>

#include "base/log.h"
#include "base/status.h"
#include "services/access/audit_chain.h"

namespace snowfield::access {

AuditSealer::AuditSealer(db::Pool* pool, absl::Duration every) : pool_(pool) {
  thread_.emplace(every, [this] { SealNoted(); });
}

AuditSealer::~AuditSealer() {
  thread_.reset();
  SealNoted();
}

void AuditSealer::Note(base::CampaignId campaign) {
  absl::MutexLock lock(&mutex_);
  noted_.insert(campaign);
}

void AuditSealer::SealNoted() {
  absl::flat_hash_set<base::CampaignId> campaigns;
  {
    absl::MutexLock lock(&mutex_);
    campaigns = std::exchange(noted_, {});
  }
  const absl::Time deadline = absl::Now() + kSealTimeMax;
  for (const base::CampaignId campaign : campaigns) {
    const auto sealed = SealPending(*pool_, {.campaign = campaign, .deadline = deadline});
    if (sealed.ok()) continue;
    base::Log(base::LogLevel::kWarning, "audit.not_sealed",
              {{"campaign", campaign.value}, {"reason", base::DetailOf(sealed.status()).reason}});
    Note(campaign);
  }
}

}  // namespace snowfield::access
