package referral

// Choice is one value of a catalogue: the id that goes over the wire and the label people read.
type Choice struct{ ID, Label string }

// Group is a heading and the choices under it. Groups are for reading only and are not sent.
type Group struct {
	Label   string
	Choices []Choice
}

// LabelOf returns the label of id, or the id itself when the catalogue does not have it.
func LabelOf(choices []Choice, id string) string {
	for _, c := range choices {
		if c.ID == id {
			return c.Label
		}
	}
	return id
}

// Has tells whether the catalogue has the id.
func Has(choices []Choice, id string) bool {
	for _, c := range choices {
		if c.ID == id {
			return true
		}
	}
	return false
}

// Industries lists the industry tags Microsoft publishes.
func Industries() []Choice {
	return []Choice{
		{"Agriculture, Forestry, & Fishing", "Agriculture, forestry and fishing"},
		{"Communications & Media", "Communications and media"},
		{"Education", "Education"},
		{"Financial Services", "Financial services"},
		{"Government", "Government"},
		{"Healthcare", "Healthcare"},
		{"Hospitality", "Hospitality"},
		{"Manufacturing", "Manufacturing"},
		{"Power & Utilities", "Power and utilities"},
		{"Public Safety and National Security", "Public safety and national security"},
		{"Retail & Consumer Goods", "Retail and consumer goods"},
		{"Services", "Services"},
		{"Travel & Transportation", "Travel and transportation"},
		{"Wholesale & Distribution", "Wholesale and distribution"},
	}
}

func productTags() []Choice {
	return []Choice{
		{"Azure", "Azure"},
		{"EnterpriseMobilityAndSecurity", "Enterprise Mobility and Security"},
		{"Exchange", "Exchange"},
		{"DeveloperTools", "Developer tools"},
		{"Dynamics365Business", "Dynamics 365 Business"},
		{"Dynamics365Enterprise", "Dynamics 365 Enterprise"},
		{"DynamicsAX,GP,NAV,SL", "Dynamics AX, GP, NAV, SL"},
		{"Microsoft365", "Microsoft 365"},
		{"Office", "Office"},
		{"PowerBI", "Power BI"},
		{"Project", "Project"},
		{"SharePoint", "SharePoint"},
		{"SkypeForBusiness", "Skype for Business"},
		{"Surface", "Surface"},
		{"SurfaceHub", "Surface Hub"},
		{"SQL", "SQL Server"},
		{"Teams", "Teams"},
		{"Visio", "Visio"},
		{"Windows", "Windows"},
		{"Yammer", "Yammer"},
	}
}

// Services lists the service tags Microsoft publishes.
func Services() []Choice {
	return []Choice{
		{"ConsultingAndProfessional", "Consulting and professional services"},
		{"CustomSolution(ISV)", "Custom solution (ISV)"},
		{"DeploymentOrMigration", "Deployment or migration"},
		{"Hardware", "Hardware"},
		{"Integration", "Integration"},
		{"IPServices(ISV)", "IP services (ISV)"},
		{"LearningAndCertification", "Learning and certification"},
		{"Licensing", "Licensing"},
		{"ManagedServices", "Managed services"},
		{"ProjectServices", "Project services"},
	}
}

// SolutionGroups lists the solution tags Microsoft publishes, grouped for reading.
func SolutionGroups() []Group {
	return []Group{
		{"AI and analytics", aiTags()},
		{"Apps and development", appTags()},
		{"Business applications", businessTags()},
		{"Databases and migration", databaseTags()},
		{"Infrastructure", infrastructureTags()},
		{"Security and compliance", securityTags()},
	}
}

func aiTags() []Choice {
	return []Choice{
		{"AdvancedAnalytics", "Advanced analytics"},
		{"ArtificialIntelligence", "Artificial intelligence"},
		{"BigData", "Big data"},
		{"Chatbot", "Chatbot"},
		{"CognitiveServices", "Cognitive services"},
		{"DataWarehouse", "Data warehouse"},
		{"EnterpriseBusinessIntelligence", "Enterprise business intelligence"},
		{"InformationManagement", "Information management"},
		{"MachineLearning", "Machine learning"},
	}
}

func appTags() []Choice {
	return []Choice{
		{"ApplicationIntegration", "Application integration"},
		{"Blockchain", "Blockchain"},
		{"Containers", "Containers"},
		{"DevelopmentandTest", "Development and test"},
		{"DevOps", "DevOps"},
		{"DigitalMedia", "Digital media"},
		{"Gaming", "Gaming"},
		{"InternetofThings", "Internet of Things"},
		{"Microserviceapplications", "Microservice applications"},
		{"MobileApplications", "Mobile applications"},
		{"ServerlessComputing", "Serverless computing"},
		{"WebDevelopment", "Web development"},
	}
}

func businessTags() []Choice {
	return []Choice{
		{"Dynamics365forCustomerService", "Dynamics 365 for Customer Service"},
		{"Dynamics365forFieldService", "Dynamics 365 for Field Service"},
		{"Dynamics365forFinanceOperations", "Dynamics 365 for Finance and Operations"},
		{"Dynamics365forRetail", "Dynamics 365 for Retail"},
		{"Dynamics365forSales", "Dynamics 365 for Sales"},
		{"Dynamics365forTalent", "Dynamics 365 for Talent"},
		{"DynamicsonAzure", "Dynamics on Azure"},
	}
}

func databaseTags() []Choice {
	return []Choice{
		{"CloudDatabaseMigration", "Cloud database migration"},
		{"CloudMigration", "Cloud migration"},
		{"CompetitiveDatabaseMigration", "Competitive database migration"},
		{"DatabaseonLinux", "Database on Linux"},
		{"MySQLPostgresMigrationtoAzure", "MySQL and Postgres migration to Azure"},
		{"NoSQLMigration", "NoSQL migration"},
		{"SQLServerUpgrade", "SQL Server upgrade"},
	}
}

func infrastructureTags() []Choice {
	return []Choice{
		{"AzureStack", "Azure Stack"},
		{"BackupDisasterRecovery", "Backup and disaster recovery"},
		{"CloudVoice", "Cloud voice"},
		{"HighPerformanceComputing", "High-performance computing"},
		{"HybridStorage", "Hybrid storage"},
		{"Networking", "Networking"},
		{"RedhatonAzure", "Red Hat on Azure"},
		{"SAPonAzure", "SAP on Azure"},
		{"SharepointonAzure", "SharePoint on Azure"},
	}
}

func securityTags() []Choice {
	return []Choice{
		{"AzureSecurityOperationManagement", "Azure security and operations management"},
		{"IdentityandAccessManagement", "Identity and access management"},
		{"RegulatoryComplianceGDPR", "Regulatory compliance (GDPR)"},
		{"ThreatProtection", "Threat protection"},
	}
}

// ungrouped returns the choices of all groups.
func ungrouped(groups []Group) (all []Choice) {
	for _, g := range groups {
		all = append(all, g.Choices...)
	}
	return all
}

// CustomerSizes lists the customer sizes the API knows, in two groups that overlap.
func CustomerSizes() []Group {
	return []Group{
		{"Exact ranges", []Choice{
			{"1to9employees", "1 to 9 employees"},
			{"10to50employees", "10 to 50 employees"},
			{"51to250employees", "51 to 250 employees"},
			{"251to1000employees", "251 to 1,000 employees"},
			{"1001to5000employees", "1,001 to 5,000 employees"},
			{"5001to10000employees", "5,001 to 10,000 employees"},
			{"10001to20000employees", "10,001 to 20,000 employees"},
			{"Morethan20000employees", "More than 20,000 employees"},
		}},
		{"Broad ranges", []Choice{
			{"1to50employees", "1 to 50 employees"},
			{"51to500employees", "51 to 500 employees"},
			{"Morethan500employees", "More than 500 employees"},
		}},
	}
}

// SizeLabel returns the label of a customer size, and what is none unchanged.
func SizeLabel(id string) string { return LabelOf(ungrouped(CustomerSizes()), id) }
